import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, page } from './page.mjs';

const SITE = [
  ['setTrackerUrl', 'https://mesure.example/matomo.php'],
  ['setSiteId', '7'],
];

test('a command that the core has not fetches the second file, and what follows waits for it', async () => {
  const it = page({ queue: [...SITE, ['trackPageView'], ['setExcludedQueryParams', ['classe']], ['discardHashTag', true]] });
  assert.equal(it.hits.length, 0);
  await it.settle();
  assert.equal(it.fetched.length, 1);
  assert.match(it.fetched[0], /^https:\/\/mesure\.example\/full\.js\?[0-9a-f]{4}$/);
  // setExcludedQueryParams is configuration and acts first, discardHashTag too.
  assert.deepEqual(it.hits.map((hit) => hit.url), ['https://quiz.example/demo/creer.html']);
  it.push(['trackContentImpression', 'bandeau'], ['trackContentInteraction', 'clic', 'bandeau', 'image'], ['trackRequest', 'e_c=a&e_a=b'], ['setUserId', 'u'], ['resetUserId'], ['trackEvent', 'a', 'b']);
  it.push(['trackSiteSearch', 'fractions & co', false, 0], ['trackLink', 'https://canope.example/', 'link']);
  const [search, link] = it.hits.splice(-2);
  assert.deepEqual([search.search, search.search_cat, search.search_count, link.link], ['fractions & co', undefined, '0', 'https://canope.example/']);
  it.push(['setDocumentTitle', 'Autre'], ['setCustomUrl', '/virtuelle'], ['setReferrerUrl', 'https://quiz.example/avant'], ['setCustomDimension', 2, 'college'], ['trackPageView']);
  const view = it.hits.pop();
  assert.deepEqual([view.action_name, view.url, view.urlref, view.dimension2], ['Autre', 'https://quiz.example/virtuelle', 'https://quiz.example/avant', 'college']);
  it.push(['deleteCustomDimension', 2], ['trackPageView', 'Titre']);
  const next = it.hits.pop();
  assert.deepEqual([next.action_name, 'dimension2' in next], ['Titre', false]);
  assert.deepEqual(it.hits.slice(1).map(({ c_n, c_i, c_p, e_c, uid }) => ({ c_n, c_i, c_p, e_c, uid })), [
    { c_n: 'bandeau', c_p: 'Unknown', c_i: undefined, e_c: undefined, uid: undefined },
    { c_n: 'bandeau', c_p: 'image', c_i: 'clic', e_c: undefined, uid: undefined },
    { c_n: undefined, c_p: undefined, c_i: undefined, e_c: 'a', uid: undefined },
    { c_n: undefined, c_p: undefined, c_i: undefined, e_c: 'a', uid: undefined },
  ]);
  assert.equal(it.fetched.length, 1);
});

test('a second file that does not come holds nothing up', async () => {
  const it = page({ fullFails: true, queue: [...SITE, ['trackAllContentImpressions'], ['trackPageView']] });
  assert.equal(it.hits.length, 0);
  await it.settle();
  assert.equal(it.hits.length, 1);
  it.push(['trackEvent', 'a', 'b']);
  assert.equal(it.hits.length, 2);
  assert.equal(it.warnings.length, 1);
});

test('the parameters that stay are sent as they were written', async () => {
  const it = page({ queue: [...SITE, ['disableCampaignParameters'], ['setExcludedQueryParams', ['Code']]] });
  await it.settle();
  it.push(['setCustomUrl', '/a?q=%5B1%5D+x&utm_source=y&CODE=AB&&empty=&pk_campaign=z'], ['trackPageView']);
  assert.equal(it.hits[0].url, 'https://quiz.example/a?q=%5B1%5D+x&&empty=');
});

test('unknown commands: one word each, on what to use instead', async () => {
  const it = page({ queue: SITE });
  it.push(['trackEcommerceOrder', '1', 2], ['setCustomVariable', 1, 'a', 'b'], ['trackPageVeiw'], ['trackPageVeiw'], ['setVisitorCookieTimeout', 1], ['HeatmapSessionRecording::enable']);
  await it.settle();
  it.push(['trackPageVeiw'], ['disableCookies'], ['enableHeartBeatTimer', 15], [() => it.push(['trackPageView'])]);
  assert.equal(it.warnings.length, 4, it.warnings.join('\n'));
  assert.match(it.warnings[0], /trackEcommerceOrder.*trackGoal/);
  assert.match(it.warnings[1], /setCustomVariable.*setCustomDimension/);
  assert.match(it.warnings[2], /trackPageVeiw.*no such command/);
  assert.equal(it.hits.length, 1);
});

test('every command of the official client is done, or has nothing to do, or says what to use instead', async () => {
  const { OFFICIAL } = await import('./official.mjs');
  const it = page({ queue: SITE });
  it.push(['trackContentImpression', 'a']);
  await it.settle();
  for (const name of OFFICIAL) it.push([name]);
  assert.deepEqual(it.warnings.filter((warning) => /no such command/.test(warning)), []);
});

test('links: domains, extensions and classes of the site', async () => {
  const it = page({
    queue: [...SITE, ['enableLinkTracking'], ['setDomains', ['*.canope.example', 'ent.example/quiz/*']], ['addDownloadExtensions', 'quiz|h5x'], ['removeDownloadExtensions', ['zip']]],
  });
  await it.settle();
  const click = (href, more = {}) => {
    const before = it.hits.length;
    it.event('click', element({ tag: 'a', href, ...more }));
    const hit = it.hits[before];
    return hit && (hit.link ? 'link' : hit.download ? 'download' : '?');
  };
  assert.equal(click('https://www.canope.example/'), undefined);
  assert.equal(click('https://ent.example/quiz/1'), undefined);
  assert.equal(click('https://ent.example/autre'), 'link');
  assert.equal(click('/classe.quiz'), 'download');
  assert.equal(click('/classe.zip'), undefined);
  assert.equal(click('/export', { classes: ['matomo_download'] }), 'download');
  assert.equal(click('/sortie', { classes: ['piwik_link'] }), 'link');
  assert.equal(click('https://elsewhere.example/', { classes: ['matomo_ignore'] }), undefined);
});

test('a feature by attribute is an event, under its group', async () => {
  const it = page({ queue: SITE });
  const group = element({ data: { featureGroup: 'Création' } });
  const button = element({ tag: 'button', data: { feature: 'apercu' } }, group);
  const icon = element({ tag: 'svg' }, button, group);
  it.event('click', icon);
  await it.settle();
  it.event('keydown', button);
  it.event('click', element({ data: { feature: 'seule', featureName: 'x' } }));
  assert.deepEqual(it.hits.map((hit) => [hit.e_c, hit.e_a, hit.e_n, hit.e_v]), [
    ['Création', 'apercu', undefined, undefined],
    ['Fonctionnalité', 'seule', 'x', undefined],
  ]);
});

test('a timed feature sends the seconds of its active use', async () => {
  const it = page({ queue: SITE });
  const main = element({ tag: 'main' });
  const field = element({ data: { feature: 'reponse-texte', featureTimed: '', featureGroup: 'Réponse' } }, main);
  const elsewhere = element();
  it.event('keydown', field);
  await it.settle();
  it.wait(12);
  it.event('focusin', main); // it surrounds the field: no end
  it.event('keydown', field);
  it.wait(500); // nobody there: two minutes count
  it.event('pointerdown', elsewhere);
  assert.deepEqual(it.hits.map((hit) => [hit.e_c, hit.e_a, hit.e_v]), [['Réponse', 'reponse-texte', '132']]);
  it.event('click', elsewhere);
  assert.equal(it.hits.length, 1);

  it.event('focusin', field);
  it.wait(5);
  it.hide();
  assert.deepEqual(it.hits.slice(1).map((hit) => hit.e_v ?? hit.ping), ['5']);
  it.show();
  it.wait(60); // seen, but not in use
  it.event('click', elsewhere);
  assert.equal(it.hits.length, 2);

  it.context.document.hasFocus = () => false; // another window in front
  it.event('click', field);
  it.wait(30);
  it.event('click', elsewhere);
  assert.equal(it.hits.length, 2);
});

test('single-page applications: one page view for each address', async () => {
  const it = page({ queue: [...SITE, ['trackPageView'], ['enableHistoryTracking']] });
  await it.settle();
  it.wait(4);
  it.context.history.pushState(null, '', '/quiz/1');
  it.context.history.replaceState(null, '', '/quiz/1?vue=liste');
  it.context.document.title = 'Quiz 1';
  it.wait(1);
  it.context.history.replaceState(null, '', '/quiz/1?vue=liste#ancre');
  it.wait(1);
  it.context.location.href = 'https://quiz.example/quiz/1?vue=liste#/etape/2';
  it.event('hashchange');
  it.event('popstate');
  it.wait(1);
  const views = it.hits.filter((hit) => hit.action_name);
  assert.deepEqual(views.map((hit) => [hit.url, hit.action_name]), [
    ['https://quiz.example/demo/creer.html?classe=3B#haut', 'Créer un quiz'],
    ['https://quiz.example/quiz/1?vue=liste', 'Quiz 1'],
    ['https://quiz.example/quiz/1?vue=liste#/etape/2', 'Quiz 1'],
  ]);
  assert.equal(views[1].urlref, 'https://quiz.example/demo/creer.html?classe=3B#haut');
  assert.deepEqual(it.hits.filter((hit) => hit.ping).map((hit) => [hit.active, new URL(hit.url).pathname]), [
    ['5', '/demo/creer.html'],
    ['2', '/quiz/1'],
  ]);
});

test('a pushed function has the whole tracker, what it reads included', async () => {
  const it = page({ queue: [...SITE, ['setUserId', 'u1'], ['trackPageView']] });
  let read;
  it.push([
    function () {
      read = [this.getVisitorId(), this.getUserId(), this.getSiteId(), this.isUserOptedOut(), this.areCookiesEnabled()];
      this.trackEvent('Fonction', 'poussée');
    },
  ]);
  await it.settle();
  assert.deepEqual([...read], [it.hits[0]._id, 'u1', '7', false, false]);
  assert.equal(it.hits.at(-1).e_a, 'poussée');
  assert.equal(it.context.Matomo.getTracker().getUserId(), 'u1');
  assert.equal(it.context.Piwik.getAsyncTracker().getUserId(), 'u1');
  assert.deepEqual(it.warnings, []);
});

test('what was swallowed is counted, and told', async () => {
  const it = page({ queue: [...SITE, ['trackPageView'], [() => assert.fail('of the page')]] });
  await it.settle();
  it.wait(3);
  it.hide();
  assert.equal(it.hits.at(-1).trk_err, '1');
});

test('features from script: the seconds that the page was visible between start and stop', async () => {
  const it = page({ queue: [...SITE, ['trackPageView']] });
  const audio = it.context.padoqe.feature('reponse-audio');
  audio.start();
  await it.settle();
  it.wait(7);
  audio.stop();
  audio.stop();
  const uses = () => it.hits.filter((hit) => hit.e_c).map((hit) => [hit.e_c, hit.e_a, hit.e_v]);
  assert.deepEqual(uses(), [['Fonctionnalité', 'reponse-audio', '7']]);
  audio.start();
  it.wait(5);
  it.hide();
  it.wait(100);
  it.show();
  it.wait(2);
  audio.stop();
  assert.deepEqual(uses().slice(1).map((use) => use[2]), ['5', '2']);
  const grouped = it.context.padoqe.feature('Réponse/dessin');
  grouped.start();
  it.wait(3);
  grouped.stop();
  assert.deepEqual(uses().at(-1), ['Réponse', 'dessin', '3']);
});

test('coming back is told once a day, as buckets', async () => {
  const storage = {};
  const visit = async (now) => {
    const it = page({ storage, now, queue: [...SITE, ['trackPageView']] });
    await it.settle();
    return it.returns.map(({ ret_since, ret_days, ret_first, ping }) => [ping, ret_since, ret_days, ret_first].join(' '));
  };
  assert.deepEqual(await visit('2026-08-24T10:00:00Z'), ['1 0 0 wmy']);
  assert.deepEqual(await visit('2026-08-24T15:00:00Z'), []);
  assert.deepEqual(await visit('2026-08-25T10:00:00Z'), ['1 0 1 0']);
  assert.deepEqual(await visit('2026-08-31T10:00:00Z'), ['1 1 2 w'], 'Monday');
  assert.deepEqual(await visit('2026-09-01T10:00:00Z'), ['1 1 2 my'], 'a new school year in the same week');
  assert.deepEqual(await visit('2026-09-02T10:00:00Z'), ['1 1 4 0']);
  assert.deepEqual(await visit('2026-10-01T10:00:00Z'), ['1 5 2 wm'], 'only the days of the last thirty');
  assert.deepEqual(await visit('2027-09-13T10:00:00Z'), ['1 27 0 wmy']);
  assert.match(storage.padoqe, /^13\/09\/2027\d{16}~\d+\.\d+\.0$/);
  assert.deepEqual(await visit('2027-09-27T10:00:00Z'), ['1 0 0 wmy'], 'after thirteen months the device is new');
});

test('where nothing can be kept, nothing is told of earlier days', async () => {
  const it = page({ storageFails: true, queue: [...SITE, ['trackPageView']] });
  await it.settle();
  assert.deepEqual(it.returns, []);
});

test('remembered consent holds on the next pages, thirteen months at most', async () => {
  const storage = {};
  const visit = async (now, ...commands) => {
    const it = page({ storage, now, queue: [...SITE, ['requireConsent'], ['trackPageView'], ...commands] });
    await it.settle();
    return it.hits.length;
  };
  assert.equal(await visit('2026-11-24T10:00:00Z'), 0);
  assert.deepEqual({ ...storage }, {});
  assert.equal(await visit('2026-11-24T10:00:00Z', ['rememberConsentGiven', 99999]), 1);
  assert.equal(await visit('2026-11-25T10:00:00Z'), 1);
  assert.equal(await visit('2027-12-30T10:00:00Z'), 0);
  assert.equal(await visit('2026-11-26T10:00:00Z', ['forgetConsentGiven']), 1);
  assert.equal(await visit('2026-11-26T10:00:00Z'), 0);
});

test('errors of the page are events without what people typed', async () => {
  const it = page({ queue: [...SITE, ['trackPageView'], ['enableJSErrorTracking']] });
  await it.settle();
  const error = { message: "TypeError: 'Zoé Canari' is not 12345", filename: 'https://quiz.example/app.js?v=3', lineno: 4, colno: 2 };
  it.event('error', it.context, error);
  it.event('error', it.context, error);
  const events = it.hits.filter((hit) => hit.e_c);
  assert.deepEqual(events.map((hit) => [hit.e_c, hit.e_a, hit.e_n]), [['JavaScript Errors', '/app.js:4:2', 'TypeError: … is not 0']]);
});

test('resolution, minutes and seconds only where the page asks for it; given timings go once', async () => {
  const it = page({ queue: [...SITE, ['enableBrowserFeatureDetection'], ['setPagePerformanceTiming', 1, 2, 3, 4, 5, 6], ['trackPageView'], ['trackPageView']] });
  await it.settle();
  const [first, second] = it.hits;
  assert.deepEqual([first.res, first.m, first.s], ['1280x800', '0', '0']);
  assert.deepEqual([first.pf_net, first.pf_onl, second.pf_net], ['1', '6', undefined]);
});

test('docs/tracker-commands.md says what the built files do', async () => {
  const { FILE, table } = await import('./commands.mjs');
  const { readFileSync } = await import('node:fs');
  assert.equal(readFileSync(FILE, 'utf8'), await table(), 'npm run commands writes it');
});
