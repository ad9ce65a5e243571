// The tracker in a real browser against the server; what is asserted is what the server reports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { column, leave, newSite, otherSite, person, report, reports, SERVER, snippet, startBrowser } from './padoqe.mjs';

const PATH = new URL(SERVER).pathname.replace(/\/$/, '');

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

/** One page view by somebody else: once it is reported, what came before it would be too. */
async function counted(site) {
  const other = await person(browser, site, { pages: { [`${PATH}/temoin.html`]: snippet(site, [['trackPageView', 'Témoin']]) } });
  const page = await other.open('/temoin.html');
  await leave(page);
  await other.context.close();
  await reports('Actions.getPageTitles', site, (rows) => assert.equal(column(rows, 'nb_hits')['Témoin'], 1));
}

test('thirty pupils with the same tablets behind one address are thirty visitors', async () => {
  const site = await newSite('e2e class');
  const pages = { [`${PATH}/classe.html`]: snippet(site, [['trackPageView', 'Classe']]) };
  for (let row = 0; row < 6; row++)
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const pupil = await person(browser, site, { pages });
        const page = await pupil.open('/classe.html');
        await pupil.open('/classe.html', page); // a second page is the same pupil
        await leave(page);
        await pupil.context.close();
      }),
    );
  await reports('VisitsSummary.get', site, (visits) => {
    assert.equal(Number(visits.nb_uniq_visitors), 30);
    assert.equal(Number(visits.nb_visits), 30);
    assert.equal(Number(visits.nb_actions), 60);
  });
});

test('no cookie is set, and what is kept on the device is gone from the next day', async () => {
  const site = await newSite('e2e cookies');
  const visitor = await person(browser, site, { pages: { [`${PATH}/page.html`]: snippet(site, [['trackPageView']]) } });
  const page = await visitor.open('/page.html');
  await reports('VisitsSummary.get', site, (visits) => assert.equal(Number(visits.nb_visits), 1));
  assert.deepEqual(await visitor.context.cookies(), []);
  assert.deepEqual(visitor.cookies, []);
  assert.equal(await page.evaluate(() => document.cookie), '');
  const kept = await page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(Object.keys(kept), ['padoqe']);
  const today = new Date().toLocaleDateString('fr', { timeZone: 'Europe/Paris' });
  assert.match(kept.padoqe, new RegExp(`^${today}\\d{16}(~\\d+\\.\\d+\\.\\w+)?$`));

  // What a page of yesterday left is replaced at the first hit of today.
  await page.evaluate(() => (localStorage.padoqe = '01/01/2020' + '1234567890123456'));
  await visitor.open('/page.html', page);
  assert.equal((await page.evaluate(() => localStorage.padoqe)).includes('1234567890123456'), false);
  await reports('VisitsSummary.get', site, (visits) => assert.equal(Number(visits.nb_uniq_visitors), 2));
});

test('after the opt-out nothing is sent, nor kept but the choice, on all pages and the next day', async () => {
  const site = await newSite('e2e opt-out');
  const visitor = await person(browser, site);
  const page = await visitor.open('/demo/aide.html');
  await page.click('#opposition');
  await page.getByText('la mesure est refusée').waitFor();
  const before = visitor.hits.length;
  await page.locator('[data-faq] summary').first().click();
  await visitor.open('/demo/creer.html', page);
  await page.click('#apercu');
  await page.waitForTimeout(1500);
  await leave(page);
  await visitor.open('/demo/aide.html', page);
  assert.equal(visitor.hits.length, before);
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { padoqe: 'out' });
  await counted(site);
  const pages = column(await report('Actions.getPageUrls', site, { flat: '1' }), 'nb_hits');
  assert.deepEqual(pages, { '/demo/aide.html': 1, '/temoin.html': 1 });
  assert.deepEqual(await report('Events.getAction', site), []);

  // Taken back: counted again.
  await page.click('#opposition');
  await visitor.open('/demo/creer.html', page);
  await reports('Actions.getPageUrls', site, (rows) => assert.equal(column(rows, 'nb_hits')['/demo/creer.html'], 1), { flat: '1' });
});

for (const [name, signal, headers] of [
  ['Do Not Track', () => Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' }), { DNT: '1' }],
  ['Global Privacy Control', () => Object.defineProperty(navigator, 'globalPrivacyControl', { get: () => true }), { 'Sec-GPC': '1' }],
])
  test(`${name}: nothing is sent, nor kept on the device`, async () => {
    const site = await newSite(`e2e ${name}`);
    const visitor = await person(browser, site, { extraHTTPHeaders: headers });
    await visitor.context.addInitScript(signal);
    const page = await visitor.open('/demo/creer.html');
    await page.click('#apercu');
    await page.waitForTimeout(1500);
    assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), {});
    await leave(page);
    assert.deepEqual(visitor.hits, []);
    await counted(site);
    assert.equal(Number((await report('VisitsSummary.get', site)).nb_visits), 1);
  });

test('nothing is sent before consent where it is required', async () => {
  const site = await newSite('e2e consent');
  const visitor = await person(browser, site, {
    pages: { [`${PATH}/accord.html`]: snippet(site, [['requireConsent'], ['trackPageView', 'Accord'], ['trackEvent', 'Aide', 'faq']]) },
  });
  const page = await visitor.open('/accord.html');
  await counted(site);
  assert.deepEqual(visitor.hits, []);
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), {});
  await page.evaluate(() => window._paq.push(['setConsentGiven']));
  await reports('Actions.getPageTitles', site, (rows) => assert.equal(column(rows, 'nb_hits').Accord, 1));
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { faq: 1 }));
});

test('the script element alone works under a strict policy, second file included', async () => {
  const site = await newSite('e2e policy');
  const html = `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Stricte</title>
    <script async src="${PATH}/matomo.js" data-site="${site}"></script></head>
    <body data-feature-group="Essai"><button data-feature="bouton">Bouton</button> <a href="https://ailleurs.example/">Ailleurs</a></body></html>`;
  const visitor = await person(browser, site, {
    pages: { [`${PATH}/stricte.html`]: { html, headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'" } } },
  });
  const page = await visitor.open('/stricte.html');
  await page.click('button');
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { bouton: 1 }));
  await reports('Events.getCategory', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { Essai: 1 }));
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Stricte: 1 }));
  assert.deepEqual(visitor.problems.filter((problem) => !/favicon/.test(problem)), []);
  await page.click('a');
  await reports('Actions.getOutlinks', site, (rows) => assert.equal(rows.length, 1), { flat: '1' });
});

test('it works in the pages of another site, second file included', async (context) => {
  const site = await newSite('e2e elsewhere');
  const other = await otherSite(snippet(site, [['trackPageView', 'Ailleurs']], '<button data-feature="bouton">Bouton</button>'));
  context.after(other.close);
  const visitor = await person(browser, site, { elsewhere: other.origin });
  const page = await visitor.open(other.origin + '/classe.html');
  await page.click('button');
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Ailleurs: 1 }));
  // The second file comes by import(), which other sites may only do where the server says Access-Control-Allow-Origin.
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { bouton: 1 }));
  assert.deepEqual(visitor.cookies, []);
  await page.context().close();
});

test('a single-page application has each page once, with its title', async () => {
  const site = await newSite('e2e single page');
  const visitor = await person(browser, site, {
    pages: { [`${PATH}/appli`]: snippet(site, [['trackPageView'], ['enableHistoryTracking']]) },
  });
  const page = await visitor.open('/appli');
  await page.waitForFunction(() => Object.keys(window._paq.c).includes('ping')); // the second file
  const turn = (path, title) =>
    page.evaluate(
      ([path, title]) => {
        history.pushState(null, '', path);
        history.replaceState({ seen: true }, '', path);
        document.title = title;
      },
      [PATH + path, title],
    );
  await turn('/appli/quiz/1', 'Quiz 1');
  await page.waitForTimeout(300);
  await turn('/appli/quiz/2', 'Quiz 2');
  await page.waitForTimeout(300);
  await page.goBack();
  await page.waitForTimeout(300);
  await reports('Actions.getPageUrls', site, (rows) =>
    assert.deepEqual(column(rows, 'nb_hits'), { [`${PATH}/appli`]: 1, [`${PATH}/appli/quiz/1`]: 2, [`${PATH}/appli/quiz/2`]: 1 }), { flat: '1' });
  await reports('Actions.getPageTitles', site, (rows) => assert.equal(column(rows, 'nb_hits')['Quiz 1'], 1));
});

test('the time of a page that is left without another hit is reported', async () => {
  const site = await newSite('e2e attention');
  const visitor = await person(browser, site, { pages: { [`${PATH}/lecture.html`]: snippet(site, [['trackPageView', 'Lecture']]) } });
  const page = await visitor.open('/lecture.html');
  await page.waitForTimeout(3200);
  await leave(page);
  await reports('VisitsSummary.get', site, (visits) => {
    assert.equal(Number(visits.nb_visits), 1);
    assert.equal(Number(visits.nb_actions), 1);
    assert.ok(Number(visits.sum_visit_length) >= 3, 'three seconds or more');
  });
  await reports('Attention.getPages', site, (rows) => {
    assert.equal(rows.length, 1);
    assert.match(rows[0].label, /lecture\.html$/);
    assert.equal(Number(rows[0].nb_hits), 1);
    assert.ok(Number(rows[0].sum_attention) >= 3 && Number(rows[0].sum_attention) <= 6, `${rows[0].sum_attention} seconds`);
  });
});

test('without beacons the hit goes as an image', async () => {
  const site = await newSite('e2e image');
  const visitor = await person(browser, site, { pages: { [`${PATH}/image.html`]: snippet(site, [['trackPageView', 'Image']]) } });
  await visitor.context.addInitScript(() => delete Navigator.prototype.sendBeacon);
  await visitor.open('/image.html');
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Image: 1 }));
  assert.equal(visitor.hits[0].method, 'GET');
});
