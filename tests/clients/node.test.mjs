// matomo-tracker, the client that servers written in JavaScript use, as npm has it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import MatomoTracker from 'matomo-tracker';
import { PADOQE_TOKEN, SERVER, api, column, newSite, reports } from './padoqe.mjs';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0';

test('pages, an event and a search of two people arrive by single hits', async () => {
  const site = await newSite('clients node single');
  const tracker = new MatomoTracker(site, `${SERVER}/matomo.php`);
  const refused = [];
  tracker.on('error', (error) => refused.push(error));
  const hit = { ua: AGENT, token_auth: PADOQE_TOKEN, cip: '192.0.2.7' };
  for (const _id of ['00000000000000aa', '00000000000000bb']) {
    tracker.track({ ...hit, _id, url: 'https://www.quiziniere.com/exercices/1', action_name: 'Exercice 1', cvar: JSON.stringify({ 1: ['Profil', 'élève'] }) });
  }
  tracker.track({ ...hit, _id: '00000000000000aa', url: 'https://www.quiziniere.com/exercices/1', e_c: 'Exercice', e_a: 'rendu', e_n: 'fractions', e_v: 12 });
  tracker.track({ ...hit, _id: '00000000000000bb', url: 'https://www.quiziniere.com/recherche', search: 'conjugaison', search_count: 3 });
  await reports('VisitsSummary.get', site, (it) => assert.deepEqual([it.nb_visits, it.nb_uniq_visitors, it.nb_actions], [2, 2, 4]));
  await reports('Events.getName', site, (rows) => assert.deepEqual(column(rows, 'sum_event_value'), { fractions: 12 }));
  await reports('Actions.getSiteSearchKeywords', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { conjugaison: 1 }));
  assert.deepEqual(refused, []);
});

test('a bulk of hits is answered with how many were tracked', async () => {
  const site = await newSite('clients node bulk');
  const tracker = new MatomoTracker(site, `${SERVER}/matomo.php`);
  const events = ['a', 'b', 'c'].map((page) => ({ _id: '00000000000000cc', ua: AGENT, url: `https://www.quiziniere.com/${page}`, action_name: page.toUpperCase() }));
  const answer = await new Promise((resolve) => tracker.trackBulk(events, resolve));
  assert.deepEqual(JSON.parse(answer), { status: 'success', tracked: 3, invalid: 0 });
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { A: 1, B: 1, C: 1 }));
});

test('a site that does not exist is refused with a status that the client reports', async () => {
  const unknown = Math.max(...(await api('SitesManager.getSitesIdWithAtLeastViewAccess', { filter_limit: '-1' })).map(Number)) + 1000;
  const tracker = new MatomoTracker(unknown, `${SERVER}/matomo.php`);
  const refused = once(tracker, 'error');
  await assert.rejects(async () => {
    tracker.track('https://www.quiziniere.com/');
    throw new Error(String((await refused.catch((error) => [error]))[0]));
  }, /^Error: 400$/);
});
