// @socialgouv/matomo-next as npm has it, in a page of React built as an application builds it, in Chromium.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SERVER, column, leave, newSite, person, reports, startBrowser } from './padoqe.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));

// The bundler of the tracker's own build.
const { build } = createRequire(new URL('../../tracker-js/package.json', import.meta.url))('esbuild');

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

/** A page that mounts what `source` renders. */
async function page(source, site) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: HERE, loader: 'jsx' },
    bundle: true,
    write: false,
    minify: true,
    charset: 'ascii',
    jsx: 'automatic',
    // What Next has for its server and leaves out of pages as well.
    external: ['fs', 'stream', 'zlib'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', __SERVER__: JSON.stringify(SERVER), __SITE__: JSON.stringify(site) },
  });
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Accueil</title></head><body><div id="app"></div><script>${outputFiles[0].text}</script></body></html>`;
}

const APP_ROUTER = `
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { sendEvent, trackAppRouter } from '@socialgouv/matomo-next';

const ROUTES = { accueil: ['/nouveau/', 'Accueil', ''], quiz: ['/nouveau/quiz', 'Mes quiz', 'page=2'], chercher: ['/recherche', 'Recherche', 'q=fractions'] };

function Application() {
  const [route, setRoute] = useState('accueil');
  const [pathname, title, query] = ROUTES[route];
  useEffect(() => {
    document.title = title;
    trackAppRouter({ url: __SERVER__, siteId: __SITE__, pathname, searchParams: new URLSearchParams(query), cleanUrl: true, disableCookies: true });
  }, [route]);
  return <>
    {Object.keys(ROUTES).map((it) => <button key={it} id={it} onClick={() => setRoute(it)}>{it}</button>)}
    <button id="partager" onClick={() => sendEvent({ category: 'Diffusion', action: 'partage', name: 'code', value: '3' })}>Partager</button>
  </>;
}
createRoot(document.getElementById('app')).render(<Application />);
`;

test('an application with the app router tells its pages, a search and an event', async () => {
  const site = await newSite('clients next app router');
  const html = await page(APP_ROUTER, site);
  const teacher = await person(browser, site, { pages: { '/nouveau/': html } });
  const tab = await teacher.open('/nouveau/');
  for (const button of ['quiz', 'partager', 'chercher', 'accueil']) {
    await tab.click(`#${button}`);
    await tab.waitForTimeout(50);
  }
  await leave(tab);
  await reports('Actions.getPageUrls', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { '/nouveau/': 2, '/nouveau/quiz': 1 }), { flat: '1' });
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Accueil: 2, 'Mes quiz': 1 }));
  await reports('Actions.getSiteSearchKeywords', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { fractions: 1 }));
  await reports('Events.getName', site, (rows) => assert.deepEqual(column(rows, 'sum_event_value'), { code: 3 }));
  await reports('VisitsSummary.get', site, (it) => assert.equal(it.nb_visits, 1));
  assert.deepEqual([teacher.foreign, teacher.cookies, teacher.problems], [[], [], []]);
});

const PAGES_ROUTER = `
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import Router, { createRouter } from 'next/router';
import { trackPagesRouter } from '@socialgouv/matomo-next';

// Next's own router over one page, with what Next's server writes into it; a shallow change of its address is a
// change of route.
const pageLoader = { getPageList: async () => ['/classe'], getMiddleware: async () => [], getDataHref: () => '', _isSsg: async () => false };
self.__NEXT_DATA__ = { page: '/classe', query: {}, props: {} };
self.__BUILD_MANIFEST = { __rewrites: { beforeFiles: [], afterFiles: [], fallback: [] }, sortedPages: ['/_app', '/classe'] };
createRouter('/classe', {}, '/classe', {
  subscription: async () => {}, initialProps: {}, pageLoader, Component: () => null, App: () => null, isFallback: false,
});
function Application() {
  useEffect(() => trackPagesRouter({ url: __SERVER__, siteId: __SITE__, disableCookies: true }), []);
  const go = (n) => { document.title = 'Classe ' + n; return Router.push('/classe?groupe=' + n, undefined, { shallow: true }); };
  return <><button id="un" onClick={() => go(1)}>1</button><button id="deux" onClick={() => go(2)}>2</button></>;
}
createRoot(document.getElementById('app')).render(<Application />);
`;

test('an application with the pages router tells every change of its route', async () => {
  const site = await newSite('clients next pages router');
  const html = await page(PAGES_ROUTER, site);
  const teacher = await person(browser, site, { pages: { '/classe': html } });
  const tab = await teacher.open('/classe');
  for (const button of ['un', 'deux']) {
    await tab.click(`#${button}`);
    await tab.waitForTimeout(200);
  }
  await leave(tab);
  await reports('Actions.getPageTitles', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { Accueil: 1, 'Classe 1': 1, 'Classe 2': 1 }));
  await reports('Actions.getPageUrls', site, (rows) => assert.deepEqual(column(rows, 'nb_hits'), { '/classe': 1, '/classe?groupe=1': 1, '/classe?groupe=2': 1 }), { flat: '1' });
  assert.deepEqual([teacher.foreign, teacher.cookies, teacher.problems], [[], [], []]);
});
