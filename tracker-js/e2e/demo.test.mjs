// The demonstration pages, used as a class does; what is asserted is what the server reports afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { column, leave, newSite, person, reports, startBrowser } from './padoqe.mjs';

const PAGES = ['index', 'creer', 'diffuser', 'repondre', 'rendu', 'corriger', 'catalogue', 'aide'];

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

test('a teacher creates a quiz, shares it and searches the catalogue', async () => {
  const site = await newSite('e2e teacher');
  const teacher = await person(browser, site);

  const page = await teacher.open('/demo/creer.html');
  for (const type of ['qcm', 'texte-a-trous', 'audio', 'dessin']) {
    await page.click(`[data-type="${type}"]`);
    await page.click(`[data-editor="${type}"] [type=submit]`);
  }
  await page.click('#apercu');
  await page.waitForFunction(() => window._paq.c.feature); // counted by the second file

  await teacher.open('/demo/diffuser.html', page);
  await page.click('#publier');
  for (const way of ['code', 'qr', 'lien']) await page.click(`[data-partage="${way}"]`);

  await teacher.open('/demo/catalogue.html', page);
  await page.selectOption('#filtre', 'Mathématiques');
  await page.fill('#mots', 'fraction');
  await page.click('#recherche [type=submit]');
  await page.click('#fiches summary');
  await page.click('#fiches button');
  await leave(page);

  await reports('Actions.getPageUrls', site, (rows) =>
    assert.deepEqual(column(rows, 'nb_hits'), { '/demo/creer.html': 1, '/demo/diffuser.html': 1, '/demo/catalogue.html': 1 }), { flat: '1' });
  await reports('Actions.getPageTitles', site, (rows) =>
    assert.deepEqual(column(rows, 'nb_hits'), { 'Créer un quiz': 1, 'Diffuser un quiz': 1, Catalogue: 1 }));
  await reports('Events.getCategory', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { Création: 5, Diffusion: 3, Catalogue: 2 }));
  await reports('Events.getAction', site, (rows) =>
    assert.deepEqual(column(rows, 'nb_events'), { 'ajout-question': 4, apercu: 1, partage: 3, 'apercu-fiche': 1, duplication: 1 }));
  await reports('Events.getName', site, (rows) => {
    const names = column(rows, 'nb_events');
    for (const name of ['qcm', 'texte-a-trous', 'audio', 'dessin', 'code', 'qr', 'lien']) assert.equal(names[name], 1, name);
  });
  await reports('Events.getAction', site, (rows) => {
    const values = column(rows, 'sum_event_value');
    assert.ok(values['ajout-question'] >= 4, 'each question has at least a second');
  });
  await reports('Actions.getSiteSearchKeywords', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { fraction: 1 }));
  await reports('Goals.get', site, (goal) => assert.equal(Number(goal.nb_conversions), 1), { idGoal: '2' });
  await reports('Goals.get', site, (goal) => assert.equal(Number(goal.nb_conversions ?? 0), 0), { idGoal: '1' });
  await reports('CustomDimensions.getCustomDimension', site, (rows) => assert.deepEqual(column(rows, 'nb_visits'), { enseignant: 1 }), { idDimension: '1' });
  await reports('VisitsSummary.get', site, (visits) => assert.deepEqual([Number(visits.nb_visits), Number(visits.nb_uniq_visitors)], [1, 1]));
  assert.deepEqual(teacher.problems, []);
});

test('a pupil answers in writing, aloud and by drawing, and hands the copy in', async () => {
  const site = await newSite('e2e pupil');
  const pupil = await person(browser, site);

  const page = await pupil.open('/demo/repondre.html');
  await page.fill('#prenom', 'Zoé Canari');
  await page.check('#q1-a');
  await page.click('#trou-1');
  await page.keyboard.type('dioxyde');
  await page.waitForTimeout(2200);
  const recorder = page.locator('[data-recorder] button');
  await recorder.click();
  await page.waitForTimeout(1100);
  await recorder.click();
  await page.locator('#dessin').hover();
  await page.mouse.down();
  await page.waitForTimeout(1600);
  await page.mouse.up();
  await page.click('#copie [type=submit]');
  await page.waitForURL('**/demo/rendu.html');
  await page.waitForFunction(() => !!window._paq?.c);
  await leave(page);

  await reports('Events.getAction', site, (rows) => {
    assert.deepEqual(column(rows, 'nb_events'), { 'reponse-texte': 1, 'reponse-audio': 1, 'reponse-dessin': 1, 'copie-rendue': 1 });
    const seconds = column(rows, 'sum_event_value');
    assert.ok(seconds['reponse-texte'] >= 2 && seconds['reponse-texte'] < 10, 'the text took two seconds or more');
    assert.ok(seconds['reponse-audio'] >= 1);
    assert.ok(seconds['reponse-dessin'] >= 1);
  });
  await reports('Goals.get', site, (goal) => assert.equal(Number(goal.nb_conversions), 1), { idGoal: '1' });
  await reports('CustomDimensions.getCustomDimension', site, (rows) => assert.deepEqual(column(rows, 'nb_visits'), { eleve: 1 }), { idDimension: '1' });
  await reports('CustomDimensions.getCustomDimension', site, (rows) => assert.deepEqual(column(rows, 'nb_visits'), { college: 1 }), { idDimension: '2' });
  // The time of the visit comes from the attention sent on leaving, not only from hit to hit.
  await reports('VisitsSummary.get', site, (visits) => assert.ok(Number(visits.sum_visit_length) >= 5, 'the visit took five seconds or more'));
  assert.equal(JSON.stringify(pupil.hits).includes('Canari'), false, 'the first name is not sent');
  assert.deepEqual(pupil.problems, []);
});

test('a teacher corrects, then reads the help, downloads the guide and leaves for another site', async () => {
  const site = await newSite('e2e corrections');
  const teacher = await person(browser, site);

  const page = await teacher.open('/demo/corriger.html');
  await page.fill('#annotation-1', 'Très bien');
  await page.click('[data-copie="1"] [type=submit]');
  const recorder = page.locator('[data-recorder="annotation-orale-2"] button');
  await recorder.click();
  await page.waitForTimeout(1100);
  await recorder.click();

  await teacher.open('/demo/aide.html', page);
  await page.locator('[data-faq] summary').first().click();
  await Promise.all([page.waitForEvent('download'), page.locator('a[href$=".pdf"]').evaluate((link) => {
    link.download = '';
    link.click();
  })]);
  await page.click('a[href^="https://www.reseau-canope.fr"]');

  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { annotation: 2, faq: 1 }));
  await reports('Events.getName', site, (rows) => {
    const names = column(rows, 'nb_events');
    assert.deepEqual([names.texte, names.audio], [1, 1]);
  });
  const hits = (rows) => rows.reduce((sum, row) => sum + Number(row.nb_hits), 0);
  await reports('Actions.getDownloads', site, (rows) => assert.equal(hits(rows), 1), { flat: '1' });
  await reports('Actions.getOutlinks', site, (rows) => assert.equal(hits(rows), 1), { flat: '1' });
});

test('no page asks for anything elsewhere, sets a cookie or leaves a problem in the console', async () => {
  const site = await newSite('e2e pages');
  const visitor = await person(browser, site);
  for (const name of PAGES) {
    const page = await visitor.open(`/demo/${name}.html`);
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    assert.equal(await page.locator('.hits').count(), 0, 'the developer’s view is off');
    await leave(page);
  }
  await reports('Actions.getPageUrls', site, (rows) =>
    assert.deepEqual(column(rows, 'nb_hits'), Object.fromEntries(PAGES.map((name) => [`/demo/${name}.html`, 1]))), { flat: '1' });
  assert.deepEqual(visitor.foreign, []);
  assert.deepEqual(visitor.cookies, []);
  assert.deepEqual(await visitor.context.cookies(), []);
  assert.deepEqual(visitor.problems, []);
});

test('?padoqe-debug shows what is sent, and is not part of the address reported', async () => {
  const site = await newSite('e2e debug');
  const developer = await person(browser, site);
  const page = await developer.open('/demo/aide.html?padoqe-debug');
  await page.locator('[data-faq] summary').first().click();
  await page.locator('.hits li', { hasText: 'Aide › faq' }).waitFor();
  await page.locator('[data-faq] .hit').first().waitFor();
  await reports('Actions.getPageUrls', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { '/demo/aide.html': 1 }), { flat: '1' });
  await reports('Events.getAction', site, (rows) => assert.deepEqual(column(rows, 'nb_events'), { faq: 1 }));
});
