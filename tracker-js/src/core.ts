// The core: what is on every page, under 1.5 kB gzip (npm run size). Written for size where that does not hurt reading;
// what the core leaves out is in full.ts.

import type { AnyCommand } from './commands.js';

export type Value = string | number | boolean | null | undefined;
export type Params = Record<string, Value>;

/** What stands at `_paq` once the tracker runs: `push` for pages, the rest for the second file. */
export interface Core {
  push(...commands: AnyCommand[]): void;
  /** Times a feature that has no element of its own. */
  feature(name: string): { start(): void; stop(): void };
  /** The commands by name; the second file adds its own. */
  c: Record<string, (...args: any[]) => unknown>;
  /** One hit: what goes with every hit, and these. */
  h(params: Params, dimensions?: Params): Params;
  /** Sends a hit that is complete, or keeps it until it may be sent. The second file wraps it. */
  s(params: Params): void;
  /** What a click on this link is: `link`, `download`, or nothing to count. The second file may replace it. */
  l(link: HTMLAnchorElement): string | false;
  /** Measures attention up to now; sends it when the page is hidden, or `send` says so. */
  p(send?: unknown): void;
  /** Hits that wait: for consent, for the network, for a prerendered page to be shown. */
  w: Params[];
  /** What is kept on the device: the date, 16 random digits, and what the second file adds; or `out`. Sets it too. */
  k(value?: string): string;
  /** What goes with every hit. */
  b: Params;
  /** Mistakes that were swallowed. */
  e: number;
}

/** What the core reads of its own script element. */
export interface Script {
  src: string;
  dataset: { site?: string; url?: string; zone?: string };
}

/** Configuration acts first, wherever it stands in the array that the page filled before the tracker came. */
const FIRST = /^(set[SUTE]|requ|opt|en|dis)/;

/** Nothing to do for these: there are no cookies, and attention is always measured. */
const IDLE_COMMANDS = /^\w+(Cook|Heart)/;

/** Without a sign of life for longer than this (in milliseconds), nobody is taken to be there. */
const IDLE = 12e4;

/** Kept in place of the visitor's id once the visitor has opted out. */
const OUT = 'out';

/** `load` gets the second file, which lies in the same folder under the name that the build gives it. */
export function start({ src, dataset }: Script, load: (folder: string) => Promise<unknown>): Core {
  const asked = ((window as any)._paq || []) as AnyCommand[] & Core;
  if (asked.c) return asked;

  const folder = src.replace(/[^/]*$/, '');
  let server = dataset.url || folder + 'matomo.php';
  let links: unknown = dataset.site;
  let consentMissing = 0;
  const waiting: Core['w'] = [];
  const flush = () => waiting.splice(0).map(core.s);

  // What goes with every hit.
  const base: Params = { idsite: dataset.site, rec: 1, send_image: 0, urlref: document.referrer };

  // The visitor: the date and 16 random characters, on the device until the day ends; in this page only where they cannot be kept.
  let visitor = '';
  const kept = (value?: string) => {
    try {
      value ? (localStorage.padoqe = value) : (value = localStorage.padoqe);
    } catch {}
    return (visitor = value || visitor);
  };

  // Attention: the time in which the page is visible and signs of life come.
  let since: number | false; // while the page is hidden
  let active = 0;
  let viewed: Params; // the page that is being looked at

  const c: Core['c'] = {
    setTrackerUrl: (url) => (server = url),
    setSiteId: (id) => (base.idsite = id),
    setUserId: (id) => (base.uid = id),
    setCustomDimension: (id: number, value: Value) => (base['dimension' + id] = value),
    trackPageView(title, dimensions) {
      attend(1);
      viewed = hit({ action_name: title || document.title }, dimensions);
    },
    trackEvent: (e_c, e_a, e_n, e_v, dimensions) => hit({ e_c, e_a, e_n, e_v }, dimensions),
    trackGoal: (idgoal, revenue, dimensions) => hit({ idgoal, revenue }, dimensions),
    enableLinkTracking: () => (links = 1),
    optUserOut: () => kept(OUT),
    forgetUserOptOut: () => kept('in'),
    requireConsent: () => full((consentMissing = 1)), // which knows whether it was given before
    setConsentGiven() {
      consentMissing = 0;
      flush();
    },
  };

  const hit: Core['h'] = (params, dimensions) => {
    params = { url: location.href, ...base, ...params, ...dimensions };
    core.s(params);
    return params;
  };

  const attend: Core['p'] = (send) => {
    const now = Date.now();
    if (since!) active += Math.min(now - since!, IDLE);
    since = !document.hidden && now;
    if (send || !since) {
      const seconds = (active / 1e3) | 0;
      active %= 1e3;
      if (viewed && seconds) hit({ ping: 1, active: seconds, url: viewed.url });
    }
  };

  const core: Core = {
    push: (...commands) => commands.map(run),
    feature: (name) => ({ start: () => run(['start', name]), stop: () => run(['stop', name]) }),
    c,
    h: hit,
    p: attend,
    l: (a) =>
      a.host &&
      ((a.attributes as any).download || /\.(pdf|zip|od|doc|xls|ppt|mp).?$/i.test(a.pathname) ? 'download' : a.host != location.host && 'link'),
    w: waiting,
    k: kept,
    b: base,
    e: 0,
    s(params) {
      const n: any = navigator;
      const now = new Date();
      const day = now.toLocaleDateString('fr', { timeZone: dataset.zone || 'Europe/Paris' });
      if (n.doNotTrack == 1 || n.globalPrivacyControl || kept() == OUT) return;
      if (consentMissing || !n.onLine || (document as any).prerendering) waiting.push(params);
      else {
        if (!visitor.startsWith(day)) {
          kept(day + crypto.getRandomValues(new Uint8Array(16)).map((n) => n % 10).join('') + visitor.slice(26));
          full();
        }
        params._id = visitor.slice(10, 26);
        params.h = now.getHours();
        for (const name in params) params[name] ?? delete params[name];
        const query = new URLSearchParams(params as Record<string, string>);
        const to = server + '?' + query;
        n.sendBeacon?.(...(to[2e3] ? [server, query] : [to])) || (new Image().src = to + '&r=' + +now);
      }
    },
  };

  // Commands. One that is not here waits for the second file, and those after it wait too, so that the order stays.
  let held: AnyCommand[] | 0; // 0 once the second file is here, or is not to be had
  const full = (_?: 1) => load(folder).catch(() => ++core.e);
  const safely = (act: (it: any) => void) => (it: unknown) => {
    try {
      act(it);
    } catch (error) {
      console.warn(error, ++core.e);
    }
  };
  const run = safely((command: AnyCommand) => {
    const [name, ...args] = command as any[];
    if (held) held.push(command);
    else if (c[name] || held === 0) (c[name] || name).call(c, ...args);
    else if (!IDLE_COMMANDS.test(name)) {
      held = [command];
      full().then(() => {
        const commands = held as AnyCommand[];
        held = 0;
        commands.map(run);
      });
    }
  });

  const sign = safely((event) => {
    const near = (selector: string) => event.target.closest?.(selector);
    attend();
    flush();
    if (event.persisted && viewed) hit(viewed);
    if (near('[data-feature]')) run(['feature', event]);
    if (links && event.type == 'click') {
      const link = near('a');
      const kind = link && core.l(link);
      if (kind) hit({ [kind]: link.href });
    }
  });
  'keydown scroll click visibilitychange pageshow online'.split(' ').map((type) => addEventListener(type, sign, true));

  (window as any)._paq = (window as any).padoqe = core;
  if (dataset.site) asked.push(['trackPageView']);
  asked.sort((a: any, b: any) => (FIRST.test(b) as any) - (FIRST.test(a) as any)).map(run);
  return core;
}
