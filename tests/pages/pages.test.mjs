// The pages of product owners, in a real Chromium: wide and on a phone, in both languages, with and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDemonstration } from './demonstration.mjs';

const demonstration = await startDemonstration();
process.env.PADOQE_URL = demonstration.url;
process.env.PADOQE_TOKEN = demonstration.token;
const { api, person, startBrowser } = await import('../../tracker-js/e2e/padoqe.mjs');

const { site } = demonstration;
const WIDTHS = { desktop: 1280, phone: 360 };

let browser;
before(async () => { browser = await startBrowser(); });
after(async () => {
  await browser?.close();
  await demonstration.stop();
});

/** Somebody at the pages of that language, not logged in. */
async function visitor(lang, { width = WIDTHS.desktop, ...options } = {}) {
  const somebody = await person(browser, site, { locale: lang == 'fr' ? 'fr-FR' : 'en-GB', viewport: { width, height: 900 }, ...options });
  const page = await somebody.context.newPage();
  const go = (path) => page.goto(demonstration.url + path);
  return { ...somebody, page, go };
}

/** Logs in as the team does, through the form. */
async function logIn(who, login = demonstration.login, password = demonstration.password) {
  await who.go('/login');
  await who.page.fill('#user', login);
  await who.page.fill('#password', password);
  await Promise.all([who.page.waitForURL((url) => url.pathname != '/login'), who.page.click('main button[type=submit]')]);
  return who;
}

/** Each page of the team, with what it must have: a heading in French and in English, charts or none. */
const PAGES = [
  { path: '/', fr: /sites/i, en: /sites/i },
  { path: `/sites/${site}?period=range&date=last30`, charts: true },
  { path: `/sites/${site}?period=day&date=yesterday`, charts: true },
  { path: `/features?site=${site}&period=range&date=last30`, fr: /fonctionnalités/i, en: /features/i, charts: true },
  { path: `/features?site=${site}&period=range&date=last30&audience=profil`, charts: true },
  { path: `/features/register?site=${site}`, fr: /fonctionnalités|registre/i, en: /feature|register/i },
  { path: `/features/register/edit?site=${site}` },
  { path: `/data-map?site=${site}`, fr: /cartographie/i, en: /data map/i },
  { path: `/published?site=${site}`, fr: /publi/i, en: /published/i },
  { path: `/sites/${site}/install` },
  // Other sites show it in a frame of theirs.
  { path: '/opt-out', bare: true },
];

/** What stands on a page, as somebody who does not see it would find it. */
const outline = (page) => page.evaluate(() => ({
  title: document.title,
  lang: document.documentElement.lang,
  headings: [...document.querySelectorAll('h1')].map((it) => it.textContent.trim()),
  overflow: document.documentElement.scrollWidth - innerWidth,
  charts: [...document.querySelectorAll('main svg:not([aria-hidden=true])')].map((it) => it.getAttribute('aria-label') ?? it.querySelector('title')?.textContent ?? document.getElementById(it.getAttribute('aria-labelledby'))?.textContent ?? ''),
  tables: [...document.querySelectorAll('table')].map((it) => it.caption?.textContent.trim() ?? ''),
  unnamed: [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
    .filter((it) => !it.getAttribute('aria-label') && !(it.labels?.length) && !it.textContent.trim())
    .map((it) => it.outerHTML.slice(0, 120)),
  jumps: [...document.querySelectorAll('h1, h2, h3, h4')].map((it) => Number(it.tagName[1])).filter((level, at, all) => at > 0 && level > all[at - 1] + 1).length,
  landmarks: ['header', 'main', 'footer'].filter((name) => document.querySelectorAll(`body > ${name}`).length != 1),
}));

for (const lang of ['fr', 'en']) {
  for (const [name, width] of Object.entries(WIDTHS)) {
    test(`${lang}, ${name}: every page is whole, named, and asks for nothing elsewhere`, async () => {
      const who = await logIn(await visitor(lang, { width }));
      for (const wanted of PAGES) {
        const answer = await who.go(wanted.path);
        assert.equal(answer.status(), 200, wanted.path);
        const page = await outline(who.page);
        assert.equal(page.lang, lang, wanted.path);
        assert.equal(page.headings.length, 1, `${wanted.path}: ${page.headings}`);
        if (wanted[lang]) assert.match(page.headings[0], wanted[lang], wanted.path);
        assert.ok(page.title.length > 3, wanted.path);
        assert.ok(page.overflow <= 0, `${wanted.path} is ${page.overflow} pixels too wide`);
        assert.deepEqual(page.unnamed, [], wanted.path);
        if (!wanted.bare) assert.deepEqual(page.landmarks, [], wanted.path);
        assert.equal(page.jumps, 0, `${wanted.path}: levels of headings are left out`);
        assert.ok(page.tables.every(Boolean), `${wanted.path}: a table has no caption`);
        if (wanted.charts) {
          assert.ok(page.charts.length > 0 && page.tables.length > 0, `${wanted.path}: no chart, or none with its table`);
          assert.ok(page.charts.every(Boolean), `${wanted.path}: a chart has no name`);
        }
      }
      assert.deepEqual(who.foreign, []);
      assert.deepEqual(who.problems.filter((problem) => !/favicon/.test(problem)), []);
      await who.context.close();
    });
  }
}

test('without script the pages say the same', async () => {
  const paths = PAGES.filter((it) => it.charts).map((it) => it.path);
  const read = async (options) => {
    const who = await logIn(await visitor('fr', options));
    const texts = [];
    for (const path of paths) {
      await who.go(path);
      texts.push(await who.page.locator('main').evaluate((main) => main.textContent.replace(/\s+/g, ' ')));
    }
    await who.context.close();
    return texts;
  };
  assert.deepEqual(await read({ javaScriptEnabled: false }), await read({}));
});

test('the door opens with the keyboard alone, and says what was wrong', async () => {
  const who = await visitor('fr');
  await who.go(`/features?site=${site}`);
  assert.equal(new URL(who.page.url()).pathname, '/login', 'who is not known is asked');
  await who.page.focus('#user');
  await who.page.keyboard.type(demonstration.login);
  await who.page.keyboard.press('Tab');
  await who.page.keyboard.type('faux');
  await who.page.keyboard.press('Enter');
  await who.page.waitForSelector('[role=alert]');
  assert.equal(await who.page.getAttribute('#user', 'aria-invalid'), 'true');
  assert.equal(await who.page.inputValue('#user'), demonstration.login, 'the name need not be typed again');
  await who.page.fill('#password', demonstration.password);
  await who.page.keyboard.press('Enter');
  await who.page.waitForURL((url) => url.pathname == '/features');
  // The first stop leads past what every page repeats.
  await who.page.keyboard.press('Tab');
  assert.equal(await who.page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
  await who.page.keyboard.press('Enter');
  assert.equal(await who.page.evaluate(() => document.activeElement.id), 'main');
  await Promise.all([who.page.waitForURL((url) => url.pathname == '/login'), who.page.click('form[action="/logout"] button')]);
  await who.go('/');
  assert.equal(new URL(who.page.url()).pathname, '/login');
  await who.context.close();
});

test('a period that is picked shows what the API answers for it', async () => {
  const who = await logIn(await visitor('fr'));
  await who.go(`/sites/${site}`);
  const day = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const [from, to] = [day(12), day(3)];
  await who.page.click('details.other summary');
  await who.page.selectOption('#picker-period', 'range');
  await who.page.fill('#picker-date', from);
  await who.page.fill('#picker-to', to);
  await Promise.all([who.page.waitForURL(/period=range/), who.page.click('details.other button[type=submit]')]);
  const shown = await who.page.locator('.figures dd.value').first().textContent();
  const { nb_visits } = await api('VisitsSummary.get', { idSite: site, period: 'range', date: `${from},${to}` });
  assert.ok(nb_visits > 10, `${nb_visits} visits`);
  assert.equal(Number(shown.replace(/[^\d]/g, '')), nb_visits);
  // What cannot be is said, beside the field.
  await who.go(`/sites/${site}?period=range&date=${to}&to=${from}`);
  assert.equal(await who.page.getAttribute('#picker-date', 'aria-invalid'), 'true');
  await who.context.close();
});

test('a feature is declared on the screen, with what its rule would have matched', async () => {
  const who = await logIn(await visitor('fr'));
  const [event] = await api('Events.getCategory', { idSite: site, period: 'range', date: 'last30' });
  await who.go(`/features/register/edit?site=${site}`);
  await who.page.fill('#name_fr', 'Essai de la page');
  await who.page.fill('#key', 'essai-de-la-page');
  await who.page.fill('[name=category1]', event.label);
  await Promise.all([who.page.waitForLoadState(), who.page.click('button[value=try]')]);
  await who.page.waitForSelector('.found [role=status]');
  assert.ok((await who.page.locator('.found').first().textContent()).includes(event.label));
  await Promise.all([who.page.waitForURL(/\/features\/register\?/), who.page.click('button[value=save]')]);
  assert.ok((await who.page.locator('main').textContent()).includes('Essai de la page'));
  const register = await api('Features.getRegister', { idSite: site });
  assert.ok(JSON.stringify(register).includes('essai-de-la-page'));
  await who.context.close();
});

test('a name is labelled on the data map', async () => {
  const who = await logIn(await visitor('fr'));
  await who.go(`/data-map?site=${site}`);
  const button = who.page.locator('button[name=label][value=noise]').first();
  const name = await button.getAttribute('aria-label');
  await Promise.all([who.page.waitForLoadState(), button.click()]);
  await who.page.waitForSelector('[role=status]');
  const back = who.page.locator(`button[value=protected][aria-label$="${name.split(' : ').at(-1)}"]`);
  assert.ok((await back.count()) > 0, `${name} can be taken back`);
  await who.context.close();
});

test('a head of school lands on published figures and sees no other page', async () => {
  await api('UsersManager.addUser', { userLogin: 'cheffe', password: 'correct horse', email: 'c@example.org' });
  await api('Scopes.set', { idSite: site, userLogin: 'cheffe', places: 'uai:0759000A' });
  const who = await logIn(await visitor('fr', { width: WIDTHS.phone }), 'cheffe', 'correct horse');
  assert.equal(new URL(who.page.url()).pathname, '/published');
  const page = await outline(who.page);
  assert.match(page.headings[0], /publi/i);
  assert.ok(page.overflow <= 0, `${page.overflow} pixels too wide`);
  for (const path of [`/sites/${site}`, `/features?site=${site}`, `/data-map?site=${site}`, `/features/register?site=${site}`]) {
    assert.equal((await who.go(path)).status(), 404, path);
  }
  await who.context.close();
});
