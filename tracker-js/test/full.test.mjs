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
