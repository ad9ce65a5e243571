// A running PADOQE server and a browser in front of it.
//   PADOQE_URL    its address, such as http://127.0.0.1:8080
//   PADOQE_TOKEN  a super-user's token (padoqe admin token)
//   CHROMIUM      the browser, /usr/bin/chromium unless told
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const { PADOQE_URL, PADOQE_TOKEN, CHROMIUM = '/usr/bin/chromium' } = process.env;
if (!PADOQE_URL || !PADOQE_TOKEN) throw new Error('These tests need a running server: set PADOQE_URL and PADOQE_TOKEN.');

/** The server's address, without a slash at its end. */
export const SERVER = PADOQE_URL.replace(/\/+$/, '');
export const ORIGIN = new URL(SERVER).origin;

/** One question to the API. */
export async function api(method, parameters = {}) {
  const body = new URLSearchParams({ module: 'API', method, format: 'json', token_auth: PADOQE_TOKEN, ...parameters });
  const answer = await fetch(`${SERVER}/index.php`, { method: 'POST', body });
  const text = await answer.text();
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    assert.fail(`${method} answered ${answer.status}, not JSON: ${text.slice(0, 300)}`);
  }
  assert.notEqual(value?.result, 'error', `${method}: ${value?.message}`);
  return value;
}

/** A new site, with the goals and the dimensions of the demonstration; its number. */
export async function newSite(name) {
  const { value } = await api('SitesManager.addSite', { siteName: name, urls: SERVER, timezone: 'Europe/Paris', policy: 'complete' });
  const site = String(value);
  const goals = [
    { name: 'Copie rendue', matchAttribute: 'url', pattern: '/demo/rendu', patternType: 'contains' },
    { name: 'Quiz diffusé', matchAttribute: 'manually', pattern: '', patternType: 'contains' },
  ];
  for (const goal of goals) await api('Goals.addGoal', { idSite: site, ...goal });
  const dimensions = [
    { name: 'Profil', scope: 'visit' },
    { name: 'Niveau', scope: 'visit' },
    { name: 'Discipline', scope: 'action' },
  ];
  for (const dimension of dimensions) await api('CustomDimensions.configureNewCustomDimension', { idSite: site, active: '1', ...dimension });
  return site;
}

/** Today's report. */
export const report = (method, site, parameters = {}) => api(method, { idSite: site, period: 'day', date: 'today', filter_limit: '-1', ...parameters });

/** Asks again and again, for five seconds, until the report holds what `check` asserts. */
export async function reports(method, site, check, parameters = {}) {
  const end = Date.now() + 5000;
  for (;;) {
    const table = await report(method, site, parameters);
    try {
      return check(table);
    } catch (error) {
      if (Date.now() > end) throw new Error(`${method} still answers ${JSON.stringify(table)}`, { cause: error });
    }
    await sleep(100);
  }
}

/** The rows of a report as an object, from label to one of its columns. */
export const column = (rows, name) => Object.fromEntries(rows.map((row) => [row.label.trim(), Number(row[name] ?? 0)]));

/** A browser that says who it is as an ordinary one does: servers set headless ones aside as robots. */
export const startBrowser = () => {
  // Said to the whole browser, not to one context: what is sent while a page goes away is out of the context's hands.
  const major = /\d+/.exec(execFileSync(CHROMIUM, ['--version'], { encoding: 'utf8' }))[0];
  return chromium.launch({
    executablePath: CHROMIUM,
    // Pages are to come back as they do for people.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      `--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
      '--no-sandbox',
      '--enable-features=BackForwardCache',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

/**
 * Somebody at a browser: its context, and what it sent.
 *   hits     the parameters of each request to matomo.php, but for those sent while a page goes away, which are not seen
 *   foreign  the addresses elsewhere that were asked for; none is reached
 *   cookies  the names of the cookies that answers tried to set
 * The demonstration pages report to `site` rather than to the server's own, and each of `pages`, from path to HTML
 * (or to { html, headers }), is there beside them. `elsewhere` is another origin that may be reached.
 */
export async function person(browser, site, { pages = {}, elsewhere, ...options } = {}) {
  const context = await browser.newContext({ locale: 'fr-FR', ...options });
  const seen = { hits: [], foreign: [], cookies: [], problems: [] };

  await context.route('**/*', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (elsewhere && url.origin == elsewhere) return route.continue();
    if (url.origin != ORIGIN) {
      seen.foreign.push(url.href);
      return route.abort();
    }
    if (/\/(matomo|piwik)\.php$/.test(url.pathname)) seen.hits.push({ method: request.method(), ...Object.fromEntries(url.searchParams), ...(request.postData() && Object.fromEntries(new URLSearchParams(request.postData()))) });
    const own = pages[url.pathname];
    if (own) return route.fulfill({ contentType: 'text/html; charset=utf-8', headers: own.headers, body: own.html ?? own });
    if (/\/demo\/([\w-]+\.html)?$/.test(url.pathname)) {
      const response = await route.fetch();
      const html = (await response.text()).replace(/(name="padoqe-site" content=")[^"]*/, `$1${site}`);
      return route.fulfill({ response, body: html });
    }
    return route.continue();
  });
  context.on('response', async (response) => {
    const cookie = await response.headerValue('set-cookie').catch(() => null);
    if (cookie) seen.cookies.push(cookie.split('=')[0]);
  });
  context.on('console', (message) => {
    if (message.type() == 'error') seen.problems.push(message.text());
  });
  context.on('weberror', (error) => seen.problems.push(String(error.error())));
  return { context, ...seen, open: async (path, page) => go(page ?? (await context.newPage()), path) };
}

/** Opens the page and waits until it is loaded, tracker included. */
async function go(page, path) {
  await page.goto(/^https?:/.test(path) ? path : SERVER + path);
  await page.waitForFunction(() => !!window._paq?.c);
  return page;
}

/**
 * Another site, with this page. A server of its own, not a page put in by the browser's routes: browsers keep those
 * from asking for anything on this machine.
 */
export async function otherSite(html) {
  const server = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Leaves the page, as at the end of a visit: what it still has to send is sent. */
export const leave = (page) => page.goto('about:blank');

/** A page with the ordinary snippet and these commands, in files as a strict policy wants it or in the page. */
export const snippet = (site, commands, more = '') => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Page d’essai</title>
<script>
  var _paq = window._paq = window._paq || [];
  ${commands.map((command) => `_paq.push(${JSON.stringify(command)});`).join('\n  ')}
  (function() {
    var u = ${JSON.stringify(SERVER + '/')};
    _paq.push(['setTrackerUrl', u + 'matomo.php']);
    _paq.push(['setSiteId', ${JSON.stringify(site)}]);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);
  })();
</script></head><body>${more}</body></html>`;
