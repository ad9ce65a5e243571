// What happens in classrooms: tablets that sleep, networks that go, pages that come back, people who refuse. What is
// asserted is what the server reports.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { column, leave, newSite, otherSite, person, report, reports, SERVER, snippet, startBrowser } from './padoqe.mjs';

const PATH = new URL(SERVER).pathname.replace(/\/$/, '');
const { SERVER_BIN, SERVER_DATA, PADOQE_TRACKER, PATH: PROGRAMS } = process.env;

/** What a command beside the running server prints. */
const command = (...words) =>
  execFileSync(SERVER_BIN, [...words, '--data', SERVER_DATA], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: PROGRAMS, PADOQE_TRACKER } });

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

/** Somebody before a page with these commands in its snippet. */
async function at(site, commands, { more = '', ...options } = {}) {
  const visitor = await person(browser, site, { ...options, pages: { [`${PATH}/page.html`]: snippet(site, commands, more), ...options.pages } });
  return { ...visitor, page: await visitor.open('/page.html') };
}

/** The page is hidden, as by another tab, or seen again. */
const turn = (page, hidden) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);

const ready = (page) => page.waitForFunction(() => !!window._paq.c.ping); // the second file

test('every command of the core counts', async () => {
  const site = await newSite('e2e core');
  const { page } = await at(
    site,
    [
      ['setCustomDimension', 1, 'eleve'],
      ['setUserId', 'utilisateur-1'],
      ['disableCookies'],
      ['enableHeartBeatTimer', 15],
      ['trackPageView', 'Titre donné', { dimension3: 'SVT' }],
      ['enableLinkTracking'],
      ['trackEvent', 'Diffusion', 'partage', 'code', 3],
      ['trackGoal', 2, 1.5],
    ],
    { more: '<a href="https://ailleurs.example/a">Ailleurs</a> <a href="/guide.pdf">Guide</a>' },
  );
  await page.evaluate(() => addEventListener('click', (event) => event.preventDefault()));
  await page.click('text=Ailleurs');
  await page.click('text=Guide');
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { 'Titre donné': 1 }));
  await reports('Events.getName', site, (rows) => assert.deepEqual([column(rows, 'nb_events'), column(rows, 'sum_event_value')], [{ code: 1 }, { code: 3 }]));
  await reports('Goals.get', site, (goal) => assert.deepEqual([Number(goal.nb_conversions), Number(goal.revenue)], [1, 1.5]), { idGoal: '2' });
  await reports('Actions.getOutlinks', site, (rows) => assert.deepEqual(rows.map((row) => Number(row.nb_hits)), [1]), { flat: '1' });
  await reports('Actions.getDownloads', site, (rows) => assert.deepEqual(rows.map((row) => Number(row.nb_hits)), [1]), { flat: '1' });
  await reports('CustomDimensions.getCustomDimension', site, (rows) => assert.deepEqual(column(rows, 'nb_visits'), { eleve: 1 }), { idDimension: '1' });
  await reports('CustomDimensions.getCustomDimension', site, (rows) => assert.equal(column(rows, 'nb_hits').SVT, 1), { idDimension: '3' });
  await reports('VisitsSummary.get', site, (visits) => assert.deepEqual([Number(visits.nb_visits), Number(visits.nb_users)], [1, 1]));
});

test('the commands of the second file count', async () => {
  const site = await newSite('e2e second file');
  const { page } = await at(
    site,
    [
      ['setDocumentTitle', 'Titre posé'],
      ['setCustomUrl', '/virtuelle?secret=1#x'],
      ['setExcludedQueryParams', ['secret']],
      ['discardHashTag', true],
      ['trackPageView'],
      ['trackSiteSearch', 'fraction', 'Maths', 2],
      ['trackLink', 'https://ailleurs.example/b', 'link'],
      ['trackAllContentImpressions'],
      ['enableJSErrorTracking'],
      ['trackEvent', 'Texte', 'long', 'x'.repeat(2500)],
    ],
    { more: '<div data-track-content data-content-name="Bandeau" data-content-piece="rentrée"><button>Voir</button></div>' },
  );
  await ready(page);
  await page.click('text=Voir');
  await page.evaluate(() => setTimeout(() => { throw new Error('« Zoé » a 12 ans'); }));
  const urls = { [`${PATH}/virtuelle`]: 1 };
  await reports('Actions.getPageUrls', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), urls), { flat: '1' });
  await reports('Actions.getPageTitles', site, (rows) => assert.equal(column(rows, 'nb_hits')['Titre posé'], 1));
  await reports('Actions.getSiteSearchKeywords', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { fraction: 1 }));
  await reports('Actions.getOutlinks', site, (rows) => assert.equal(rows.length, 1), { flat: '1' });
  await reports('Contents.getContentNames', site, (rows) =>
    assert.deepEqual([column(rows, 'nb_impressions'), column(rows, 'nb_interactions')], [{ Bandeau: 1 }, { Bandeau: 1 }]));
  await reports('Events.getName', site, (rows) => {
    const names = Object.keys(column(rows, 'nb_events'));
    assert.ok(names.some((name) => /Error: … a 0 ans/.test(name)), names.join());
    assert.ok(names.some((name) => /^x{500}/.test(name)), 'what is too long for an address came in a body');
  });
});

test('hash routes of an application are pages, anchors are not', async () => {
  const site = await newSite('e2e hash');
  const { page } = await at(site, [['trackPageView'], ['enableHistoryTracking']]);
  await ready(page);
  for (const hash of ['#ancre', '#/quiz/1', '#/quiz/2']) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.waitForTimeout(250);
  }
  await reports('Actions.get', site, (actions) => assert.equal(Number(actions.nb_pageviews), 3));
});

test('a timer counts what is seen: another tab, sleep, and going on', async () => {
  const site = await newSite('e2e timer');
  const { page } = await at(site, [['trackPageView', 'Minuteur']]);
  await page.evaluate(() => window.padoqe.feature('Réponse/audio').start());
  await ready(page);
  await page.waitForTimeout(1500);
  await turn(page, true);
  await page.waitForTimeout(3000); // in another tab, or asleep
  await turn(page, false);
  await page.waitForTimeout(1200);
  await page.evaluate(() => window.padoqe.feature('Réponse/audio').stop());
  await leave(page);
  await reports('Events.getAction', site, (rows) => {
    const seconds = column(rows, 'sum_event_value').audio;
    assert.ok(seconds >= 2 && seconds <= 4, `${seconds} seconds of the six`);
  });
  await reports('Events.getCategory', site, (rows) => assert.deepEqual(Object.keys(column(rows, 'nb_events')), ['Réponse']));
});

test('a page that comes back from the back-forward cache is viewed again, and its absence is no time', async (context) => {
  const site = await newSite('e2e back');
  // A site of its own and a browser that nobody listens in to: pages whose requests are looked at are not kept.
  const told = `<script>addEventListener('pageshow', (event) => _paq.push(['trackEvent', 'Page', event.persisted ? 'gardée' : 'chargée']))</script>`;
  const other = await otherSite(snippet(site, [['trackPageView', 'Retour']], told));
  context.after(other.close);
  const page = await (await browser.newContext({ locale: 'fr-FR' })).newPage();
  await page.goto(`${other.origin}/lecture.html`);
  await page.waitForTimeout(1500);
  await page.goto(`${SERVER}/opt-out`);
  await page.waitForTimeout(3000);
  page.evaluate(() => history.back()).catch(() => {}); // the page it is asked in goes away
  await page.waitForTimeout(1500);
  await page.goto('about:blank', { waitUntil: 'commit' });
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { chargée: 1, gardée: 1 }));
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Retour: 2 }));
  await reports('Attention.getPages', site, ([row]) => {
    assert.ok(row.sum_attention >= 2 && row.sum_attention <= 4, `${row.sum_attention} seconds of six`);
  });
});

test('without a network hits wait, and go when it is back', async () => {
  const site = await newSite('e2e offline');
  const { page, context } = await at(site, [['trackPageView', 'Réseau']]);
  await ready(page);
  await context.setOffline(true);
  await page.evaluate(() => {
    window._paq.push(['trackEvent', 'Réponse', 'hors-ligne'], ['trackEvent', 'Réponse', 'toujours-hors-ligne']);
  });
  await page.waitForTimeout(500);
  assert.deepEqual(await report('Events.getAction', site), []);
  await context.setOffline(false);
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { 'hors-ligne': 1, 'toujours-hors-ligne': 1 }));
});

test('who comes back is told by buckets, and counted', async () => {
  const site = await newSite('e2e returns');
  const day = new Date().toLocaleDateString('fr', { timeZone: 'Europe/Paris' });
  const [d, m, y] = day.split('/').map(Number);
  const today = Date.UTC(y, m - 1, d) / 864e5;
  const week = Math.floor((today + 3) / 7);
  // One who is new, one who used it yesterday and the day before, for the first time ten weeks ago.
  for (const facts of [null, `~${week - 10}.${today - 1}.1`]) {
    const visitor = await person(browser, site, { pages: { [`${PATH}/page.html`]: snippet(site, [['trackPageView']]) } });
    if (facts)
      await visitor.context.addInitScript((facts) => {
        if (!localStorage.padoqe) localStorage.padoqe = '01/01/2020' + '1234567890123456' + facts;
      }, facts);
    const page = await visitor.open('/page.html');
    // The second file tells it: who leaves before it is there is not told of.
    await page.waitForFunction(([day, today]) => localStorage.padoqe.startsWith(day) && localStorage.padoqe.includes(`.${today}.`), [day, today]);
    await leave(page);
    const next = await visitor.open('/page.html'); // the same day: told once
    await leave(next);
  }
  await reports('Retention.get', site, (figures) => {
    assert.equal(Number(figures.nb_daily), 2);
    assert.ok(Number(figures.nb_yearly) >= 1);
  });
  await reports('Retention.getWeeksSinceFirstUse', site, (rows) => assert.deepEqual(column(rows, 'nb_daily'), { 0: 1, '9-12': 1 }));
  await reports('Retention.getDaysOfUse', site, (rows) => assert.deepEqual(column(rows, 'nb_daily'), { 0: 1, '2-3': 1 }));
});

test('the opt-out page works without script, and in a frame', async () => {
  const site = await newSite('e2e opt-out page');
  const visitor = await person(browser, site, { javaScriptEnabled: false, pages: { [`${PATH}/cadre.html`]: `<html lang="fr"><title>Cadre</title><iframe src="${PATH}/opt-out" title="Votre choix"></iframe><img src="${PATH}/matomo.php?idsite=${site}&rec=1&action_name=Cadre&url=${SERVER}/cadre" alt="">` } });
  const page = await visitor.context.newPage();
  await page.goto(`${SERVER}/cadre.html`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Ne plus être compté' }).click();
  await frame.getByText('n’est pas comptée').waitFor();
  const cookies = await visitor.context.cookies();
  assert.deepEqual(cookies.map(({ name, value }) => [name, value]), [['padoqe_ignore', '1']], 'the same for everyone');
  await page.goto(`${SERVER}/cadre.html`);
  await page.waitForTimeout(500);
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Cadre: 1 }, 'only before the refusal'));
  await page.goto(`${SERVER}/opt-out?lang=en`);
  await page.getByRole('button', { name: 'Count me again' }).click();
  await page.getByText('your browsing is counted').waitFor();
  assert.equal(new URL(page.url()).search, '?lang=en');
  assert.deepEqual(await visitor.context.cookies(), []);
});

test('the opt-out in a page keeps the choice in the page’s own storage', async () => {
  const site = await newSite('e2e opt-out script');
  const more = `<div data-padoqe-opt-out><a href="${PATH}/opt-out">Votre choix</a></div><script async src="${PATH}/opt-out.js"></script>`;
  const { page, context } = await at(site, [['trackPageView', 'Avant']], { more });
  const button = page.getByRole('button', { name: 'Ne plus être compté' });
  await button.click();
  await page.getByRole('status').filter({ hasText: 'n’est pas comptée' }).waitFor();
  await page.evaluate(() => window._paq.push(['trackEvent', 'a', 'b']));
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { padoqe: 'out' });
  assert.deepEqual(await context.cookies(), []);
  await page.getByRole('button', { name: 'Être compté de nouveau' }).click();
  await page.evaluate(() => window._paq.push(['trackPageView', 'Après']));
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Avant: 1, Après: 1 }));
  assert.deepEqual(await report('Events.getAction', site), []);
});

test('the snippet that the server prints is pinned to its content, and counts under a strict policy', { skip: !SERVER_BIN }, async () => {
  const site = await newSite('e2e snippet');
  const printed = command('site', 'snippet', site, '--server', SERVER);
  assert.match(printed, /matomo\.[0-9a-f]{16}\.js" integrity="sha384-/);
  const origin = new URL(SERVER).origin;
  const headers = { 'content-security-policy': `default-src 'none'; script-src ${origin}; connect-src ${origin}; img-src ${origin}` };
  const visitor = await person(browser, site, { pages: { [`${PATH}/signee.html`]: { html: `<!doctype html><title>Signée</title>${printed}`, headers } } });
  await visitor.open('/signee.html');
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Signée: 1 }));
  assert.deepEqual(visitor.problems.filter((problem) => !/favicon/.test(problem)), []);

  const answer = await fetch(SERVER + /src="[^"]*(\/matomo\.[^"]*)"/.exec(printed)[1], { headers: { 'accept-encoding': 'br' } });
  assert.match(answer.headers.get('cache-control'), /immutable/);
  assert.equal(answer.headers.get('content-encoding'), 'br');
  assert.match((await fetch(SERVER + '/matomo.js')).headers.get('cache-control'), /max-age=600/);
  assert.throws(() => command('site', 'snippet', '99999', '--server', SERVER), /there is no site 99999: the sites are/);
});
