import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, page } from './page.mjs';

const SITE = [
  ['setTrackerUrl', 'https://mesure.example/matomo.php'],
  ['setSiteId', '7'],
];

test('the array that the page filled is played, configuration first wherever it stands', () => {
  const { hits } = page({ queue: [['trackPageView'], ['setCustomDimension', 1, 'eleve'], ['trackEvent', 'Réponse', 'copie-rendue'], ['setUserId', 'u1'], ...SITE] });
  assert.equal(hits.length, 2);
  for (const hit of hits) {
    assert.equal(new URL(hit.address).origin + new URL(hit.address).pathname, 'https://mesure.example/matomo.php');
    assert.equal(hit.idsite, '7');
    assert.equal(hit.uid, 'u1');
    assert.equal(hit.rec, '1');
    assert.equal(hit.send_image, '0');
    assert.equal(hit.body, undefined);
  }
  // What belongs to the order stays in order.
  assert.equal(hits[0].dimension1, undefined);
  assert.equal(hits[1].dimension1, 'eleve');
});

test('a page view says where, under what title, from where, and nothing of the device', () => {
  const { hits } = page({ queue: [...SITE, ['trackPageView']] });
  const { address, body, _id, h, ...rest } = hits[0];
  assert.deepEqual(rest, {
    idsite: '7',
    rec: '1',
    send_image: '0',
    action_name: 'Créer un quiz',
    url: 'https://quiz.example/demo/creer.html?classe=3B#haut',
    urlref: 'https://ent.example/accueil',
  });
  assert.match(_id, /^[0-9a-f]{16}$/);
  assert.match(h, /^\d+$/);
});

test('each command makes its parameters', () => {
  const it = page({ queue: SITE });
  const sent = (...command) => {
    it.push(command);
    const { address, body, _id, h, idsite, rec, send_image, urlref, url, ...rest } = it.hits.at(-1);
    return rest;
  };
  assert.deepEqual(sent('trackEvent', 'Création', 'ajout-question', 'qcm', 0), { e_c: 'Création', e_a: 'ajout-question', e_n: 'qcm', e_v: '0' });
  assert.deepEqual(sent('trackEvent', 'Aide', 'faq', null, undefined, { dimension3: 'SVT' }), { e_c: 'Aide', e_a: 'faq', dimension3: 'SVT' });
  assert.deepEqual(sent('trackGoal', 2, 1.5), { idgoal: '2', revenue: '1.5' });
  assert.deepEqual(sent('trackPageView', 'Titre'), { action_name: 'Titre' });

  it.push(['setCustomDimension', 2, 'college'], ['trackPageView']);
  assert.equal(it.hits.at(-1).dimension2, 'college');
  assert.deepEqual(it.warnings, []);
});

test('the script element alone is enough', () => {
  const { hits } = page({ data: { site: '3' } });
  assert.equal(hits.length, 1);
  assert.equal(hits[0].idsite, '3');
  assert.equal(hits[0].action_name, 'Créer un quiz');
  assert.match(hits[0].address, /^https:\/\/mesure\.example\/matomo\.php\?/);

  const beside = page({ data: { site: '3', url: 'https://autre.example/t' }, queue: [['setCustomDimension', 1, 'eleve']] });
  assert.match(beside.hits[0].address, /^https:\/\/autre\.example\/t\?/);
  assert.equal(beside.hits[0].dimension1, 'eleve');
});

test('a second inclusion changes nothing', async () => {
  const it = page({ queue: [...SITE, ['trackPageView']] });
  const first = it.context._paq;
  const vm = await import('node:vm');
  const { readFileSync } = await import('node:fs');
  vm.runInContext(readFileSync(new URL('../dist/matomo.js', import.meta.url), 'utf8'), it.context);
  assert.equal(it.context._paq, first);
  assert.equal(it.hits.length, 1);
});

test('one visitor all day, another tomorrow, in the zone of the site', () => {
  const storage = {};
  const id = (now, data) => page({ storage, now, data, queue: [...SITE, ['trackPageView']] }).hits[0]._id;
  const first = id('2026-11-24T22:30:00Z'); // 23:30 in Paris
  assert.equal(id('2026-11-24T22:59:59Z'), first);
  const second = id('2026-11-24T23:00:00Z'); // midnight in Paris
  assert.notEqual(second, first);
  assert.equal(JSON.stringify(storage).includes(first), false);
  assert.deepEqual(Object.keys(storage), ['padoqe']);
  // The same moment is another day at La Réunion.
  const reunion = id('2026-11-25T20:30:00Z', { zone: 'Indian/Reunion' });
  assert.notEqual(reunion, second);
  assert.equal(id('2026-11-26T19:30:00Z', { zone: 'Indian/Reunion' }), reunion);
});

test('a page that stays open over midnight changes visitor too', () => {
  for (const storageFails of [false, true]) {
    const it = page({ now: '2026-11-24T22:59:00Z', storageFails, queue: [...SITE, ['trackPageView']] });
    it.wait(120);
    it.push(['trackEvent', 'a', 'b']);
    assert.notEqual(it.hits.at(-1)._id, it.hits[0]._id);
  }
});

test('without storage, one visitor for the life of the page', () => {
  const it = page({ storageFails: true, queue: [...SITE, ['trackPageView'], ['trackEvent', 'a', 'b']] });
  assert.match(it.hits[0]._id, /^[0-9a-f]{16}$/);
  assert.equal(it.hits[0]._id, it.hits[1]._id);
});

test('thirty pages are thirty visitors', () => {
  const ids = Array.from({ length: 30 }, () => page({ queue: [...SITE, ['trackPageView']] }).hits[0]._id);
  assert.equal(new Set(ids).size, 30);
});

test('Do Not Track and Global Privacy Control: nothing sent, nothing kept, whatever the page says', () => {
  for (const navigator of [{ doNotTrack: '1' }, { globalPrivacyControl: true }]) {
    const it = page({ navigator, queue: [...SITE, ['setDoNotTrack', false], ['trackPageView']] });
    it.wait(30);
    it.hide();
    assert.deepEqual([it.hits, it.images, it.storage], [[], [], {}]);
  }
  assert.equal(page({ navigator: { doNotTrack: '0', globalPrivacyControl: false }, queue: [...SITE, ['trackPageView']] }).hits.length, 1);
});

test('the opt-out lasts, takes the id away, and can be taken back', () => {
  const storage = {};
  const it = page({ storage, queue: [...SITE, ['trackPageView']] });
  it.push(['optUserOut'], ['trackEvent', 'a', 'b']);
  assert.equal(it.hits.length, 1);
  assert.deepEqual({ ...storage }, { padoqe: 'out' });

  const tomorrow = page({ storage, now: '2026-11-25T10:00:00Z', queue: [...SITE, ['trackPageView']] });
  tomorrow.wait(30);
  tomorrow.hide();
  assert.deepEqual(tomorrow.hits, []);
  assert.deepEqual({ ...storage }, { padoqe: 'out' });

  tomorrow.push(['forgetUserOptOut'], ['trackPageView']);
  assert.equal(tomorrow.hits.length, 1);
  assert.match(tomorrow.hits[0]._id, /^[0-9a-f]{16}$/);

  const first = page({ queue: [['trackPageView'], ...SITE, ['optUserOut']] });
  assert.deepEqual(first.hits, []);
  const denied = page({ storageFails: true, queue: [...SITE, ['optUserOut'], ['trackPageView']] });
  assert.deepEqual(denied.hits, []);
});

test('where consent is required, nothing is sent nor kept before it is given', () => {
  const it = page({ queue: [...SITE, ['trackPageView'], ['requireConsent']] });
  it.push(['trackEvent', 'a', 'b']);
  assert.deepEqual([it.hits, it.storage], [[], {}]);
  it.push(['setConsentGiven'], ['trackEvent', 'a', 'c']);
  assert.deepEqual(it.hits.map((hit) => hit.e_a ?? hit.action_name), ['Créer un quiz', 'b', 'c']);

  assert.equal(page({ queue: [['setConsentGiven'], ['trackPageView'], ['requireConsent'], ...SITE] }).hits.length, 1);
});

test('a beacon that is refused or missing becomes an image', () => {
  const refused = page({ beacon: () => false, queue: [...SITE, ['trackPageView']] });
  assert.equal(refused.images.length, 1);
  assert.match(refused.images[0], /^https:\/\/mesure\.example\/matomo\.php\?.*r=/);
  const missing = page({ navigator: { sendBeacon: undefined }, queue: [...SITE, ['trackPageView']] });
  assert.equal(missing.images.length, 1);
});

test('attention is what is sent when the page is hidden: visible time, no more than two minutes after a sign of life', () => {
  const it = page({ queue: [...SITE, ['trackPageView']] });
  it.wait(10);
  it.hide();
  it.wait(3600); // asleep, or another tab
  it.show();
  it.wait(20);
  it.event('keydown');
  it.wait(1000); // gone from the room
  it.event('scroll');
  it.wait(5);
  it.hide();
  const pings = it.hits.slice(1);
  assert.deepEqual(pings.map((ping) => [ping.ping, ping.active]), [['1', '10'], ['1', '145']]);
  assert.equal(pings[0].url, 'https://quiz.example/demo/creer.html?classe=3B#haut');
  assert.equal('ca' in pings[0], false);
  it.hide();
  assert.equal(it.hits.length, 3);
});

test('a page that comes back from the back-forward cache is seen again', () => {
  const it = page({ queue: [...SITE, ['trackPageView', 'Titre']] });
  it.wait(4);
  it.hide();
  it.event('pageshow', undefined, { persisted: false });
  assert.equal(it.hits.length, 2);
  it.event('pageshow', undefined, { persisted: true });
  it.show();
  it.wait(3);
  it.hide();
  assert.deepEqual(it.hits.map((hit) => hit.active ?? hit.action_name), ['Titre', '4', 'Titre', '3']);
  assert.equal(it.hits[2].url, it.hits[0].url);
});

test('without a network, hits wait; a page that is only prerendered sends nothing until it is shown', async () => {
  const navigator = { onLine: true };
  const it = page({ navigator, queue: [...SITE, ['trackPageView']] });
  await it.settle();
  it.context.navigator.onLine = false;
  it.push(['trackEvent', 'a', 'b'], ['trackEvent', 'a', 'c']);
  assert.equal(it.hits.length, 1);
  it.wait(90);
  it.context.navigator.onLine = true;
  it.event('online', undefined);
  assert.deepEqual(it.hits.slice(1).map((hit) => hit.e_a), ['b', 'c']);
  // With the second file, which has come meanwhile, they say when they were.
  assert.equal(it.hits[1].cdt, String(Date.parse('2026-11-24T10:00:00Z') / 1000));

  it.context.navigator.onLine = false;
  for (let n = 0; n < 60; n++) it.push(['trackEvent', 'a', 'n' + n]);
  it.context.navigator.onLine = true;
  it.event('online', undefined);
  assert.deepEqual([it.hits.length, it.hits[3].e_a, it.hits.at(-1).e_a], [53, 'n10', 'n59'], 'the oldest gave way');

  const ahead = page({ prerendering: true, queue: [...SITE, ['trackPageView']] });
  assert.deepEqual([ahead.hits, ahead.storage], [[], {}]);
  ahead.context.document.prerendering = false;
  ahead.show();
  assert.equal(ahead.hits.length, 1);
});

test('a hit too long for an address goes as a form', () => {
  const it = page({ queue: SITE });
  it.push(['trackEvent', 'a', 'b', 'x'.repeat(3000)]);
  assert.equal(it.hits[0].address, 'https://mesure.example/matomo.php');
  assert.equal(it.hits[0].e_n.length, 3000);
});

test('a page opened in the background has no attention until it is seen', () => {
  const it = page({ queue: SITE });
  it.context.document.hidden = true;
  it.push(['trackPageView']);
  it.wait(60);
  it.show();
  it.wait(4);
  it.hide();
  assert.deepEqual(it.hits.slice(1).map((hit) => hit.active), ['4']);
});

test('each page view of a single page has its own attention', async () => {
  const it = page({ queue: [...SITE, ['setCustomUrl', '/demo/creer.html'], ['trackPageView']] });
  await it.settle();
  it.wait(7);
  it.push(['setCustomUrl', '/deux'], ['trackPageView']);
  it.wait(3);
  it.hide();
  assert.deepEqual(it.hits.map((hit) => [hit.ping ?? 'page', hit.active, new URL(hit.url).pathname]), [
    ['page', undefined, '/demo/creer.html'],
    ['1', '7', '/demo/creer.html'],
    ['page', undefined, '/deux'],
    ['1', '3', '/deux'],
  ]);
});

test('links: downloads and other sites, once asked for', () => {
  const it = page({ queue: [...SITE] });
  const click = (link) => it.event('click', element({}, link));
  click(element({ tag: 'a', href: 'https://canope.example/' }));
  assert.equal(it.hits.length, 0);
  it.push(['enableLinkTracking']);
  click(element({ tag: 'a', href: 'https://canope.example/a' }));
  click(element({ tag: 'a', href: '/guide.PDF' }));
  click(element({ tag: 'a', href: '/export', attributes: ['download'] }));
  assert.deepEqual(it.hits.map((hit) => hit.link ?? hit.download), ['https://canope.example/a', 'https://quiz.example/guide.PDF', 'https://quiz.example/export']);
  click(element({ tag: 'a', href: '/autre.html' }));
  click(element({ tag: 'a', href: 'mailto:eleve@example.fr' }));
  click(element({ tag: 'a', href: 'javascript:void(0)' }));
  click(element({ tag: 'a', href: 'blob:https://quiz.example/1', attributes: ['download'] }));
  click(element({ tag: 'a' }));
  assert.equal(it.hits.length, 3);
  assert.deepEqual(it.warnings, []);
});

test('what other clients ask for and is so already costs nothing', () => {
  const storage = { padoqe: '24/11/20261234567890123456' }; // not the first hit of the day
  const it = page({ storage, queue: [...SITE, ['disableCookies'], ['setCookieDomain', '*.example.fr'], ['setSecureCookie', true], ['enableHeartBeatTimer', 15], ['trackPageView']] });
  assert.equal(it.hits.length, 1);
  assert.deepEqual([it.fetched, it.warnings], [[], []]);
});

test('nothing that a page pushes throws', async () => {
  const it = page({ queue: [...SITE, [], [null], 'trackPageView', [undefined, 1], null, ['setCustomUrl', 'http://['], [() => assert.fail('of the page')], ['trackPageView']] });
  it.push(['toString'], ['constructor'], ['__proto__'], [{}]);
  await it.settle();
  assert.equal(it.hits.filter((hit) => hit.action_name).length, 1);
});
