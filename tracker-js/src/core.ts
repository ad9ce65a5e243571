// The core: what is on every page, under 1.5 kB gzip (npm run size). Written for size where that does not hurt reading;
// what the core leaves out is in full.ts.

import type { AnyCommand } from './commands.js';

export type Value = string | number | boolean | null | undefined;
export type Params = Record<string, Value>;

/** What stands at `_paq` once the tracker runs: `push` for pages, the rest for the second file. */
export interface Core {
  push(...commands: AnyCommand[]): void;
  /** The commands by name; the second file adds its own. */
  c: Record<string, (...args: any[]) => unknown>;
  /** One hit: what goes with every hit, and these. */
  h(params: Params, dimensions?: Params): void;
  /** Sends a hit that is complete. The second file wraps it. */
  s(params: Params): void;
  /** What a click on this link is: `link`, `download`, or nothing to count. The second file may replace it. */
  l(link: HTMLAnchorElement): string | false;
  /** Measures attention up to now; sends it when the page is hidden, or `send` says so. */
  p(send?: unknown): void;
}

/** What the core reads of its own script element. */
export interface Script {
  src: string;
  dataset: { site?: string; url?: string; zone?: string };
}

/** Configuration acts first, wherever it stands in the array that the page filled before the tracker came. */
const FIRST = /^(set[SUTE]|requ|opt|en|dis)/;

/** Nothing to do for these: there are no cookies, attention is always measured, Do Not Track is always honoured. */
const IDLE_COMMANDS = /Cook|Heart|DoNot/;

/** Without a sign of life for longer than this (in milliseconds), nobody is taken to be there. */
const IDLE = 12e4;

/** Kept in place of the visitor's id once the visitor has opted out. */
const OUT = 'out';

/** `load` gets the second file, which lies beside the first under the name that the build gives it. */
export function start({ src, dataset }: Script, load: (beside: (file: string) => string) => Promise<unknown>): Core {
  const asked = ((window as any)._paq || []) as AnyCommand[] & Core;
  if (asked.c) return asked;

  const beside = (file: string) => src.replace(/[^/]*$/, file);
  const random = () => crypto.getRandomValues(new Uint8Array(16)).map((n) => n % 10).join('');
  let server = dataset.url || beside('matomo.php');
  let links: unknown = dataset.site;
  let consentMissing = 0;
  const waiting: Params[] = [];

  // What goes with every hit.
  const base: Params = { idsite: dataset.site, rec: 1, send_image: 0, urlref: document.referrer };
  const set = (name: string) => (value: Value) => (base[name] = value);
  const dimension = (id: number, value: Value) => (base['dimension' + id] = value);

  // The visitor: the date and 16 random characters, on the device until the day ends; in this page only where they cannot be kept.
  let visitor = '';
  const kept = (value?: string) => {
    try {
      value ? (localStorage.padoqe = value) : (value = localStorage.padoqe);
    } catch {}
    return (visitor = value || visitor);
  };

  // Attention: the time in which the page is visible and signs of life come.
  let since: number | false = false; // while the page is hidden
  let active = 0;
  let viewed: Value; // the page that is being looked at

  const c: Core['c'] = {
    setTrackerUrl: (url) => (server = url),
    setSiteId: set('idsite'),
    setUserId: set('uid'),
    setReferrerUrl: set('urlref'),
    setDocumentTitle: set('action_name'),
    setCustomUrl: (url) => (base.url = '' + new URL(url, location as unknown as URL)),
    setCustomDimension: dimension,
    deleteCustomDimension: dimension,
    trackPageView(title, dimensions) {
      attend(1);
      viewed = base.url || location.href;
      hit({ action_name: title || base.action_name || document.title }, dimensions);
    },
    trackEvent: (e_c, e_a, e_n, e_v, dimensions) => hit({ e_c, e_a, e_n, e_v }, dimensions),
    trackSiteSearch: (search, search_cat, search_count, dimensions) => hit({ search, search_cat, search_count }, dimensions),
    trackGoal: (idgoal, revenue, dimensions) => hit({ idgoal, revenue }, dimensions),
    trackLink: (url, type, dimensions) => hit({ [type]: url }, dimensions),
    enableLinkTracking: () => (links = 1),
    optUserOut: () => kept(OUT),
    forgetUserOptOut: () => kept('in'),
    requireConsent: () => (consentMissing = 1),
    setConsentGiven() {
      consentMissing = 0;
      waiting.splice(0).map(core.s);
    },
  };

  const hit: Core['h'] = (params, dimensions) => core.s({ url: location.href, ...base, ...params, ...dimensions });

  const attend: Core['p'] = (send) => {
    const now = performance.now();
    if (since) active += Math.min(now - since, IDLE);
    since = !document.hidden && now;
    if (send || !since) {
      const seconds = (active / 1e3) | 0;
      active %= 1e3;
      if (viewed && seconds) hit({ ping: 1, active: seconds, url: viewed });
    }
  };

  const core: Core = {
    push: (...commands) => commands.map(run),
    c,
    h: hit,
    p: attend,
    l: (a) =>
      a.host &&
      (a.hasAttribute('download') || /\.(pdf|zip|od.|(doc|xls|ppt)x?|mp[34])$/i.test(a.pathname) ? 'download' : a.host != location.host && 'link'),
    s(params) {
      const n: { doNotTrack?: unknown; globalPrivacyControl?: unknown; sendBeacon?: Navigator['sendBeacon'] } = navigator;
      const now = new Date();
      const day = now.toLocaleDateString('fr', { timeZone: dataset.zone || 'Europe/Paris' });
      if (consentMissing) waiting.push(params);
      else if (n.doNotTrack != 1 && !n.globalPrivacyControl && kept() != OUT) {
        if (!visitor.startsWith(day)) kept(day + random());
        params._id = visitor.slice(-16);
        params.h = now.getHours();
        const to = server + '?' + new URLSearchParams(Object.entries(params).filter((param) => param[1] || param[1] === 0) as string[][]);
        n.sendBeacon?.(to) || (new Image().src = to + '&rand=' + +now);
      }
    },
  };

  // Commands. One that is not here waits for the second file, and those after it wait too, so that the order stays.
  let held: AnyCommand[] | 0; // 0 once the second file is here, or is not to be had
  const run = (command: AnyCommand) => {
    try {
      const [name, ...args] = command as any[];
      const action = c[name] || name;
      if (held) held.push(command);
      else if (action.call || held === 0) action.apply(c, args);
      else if (!IDLE_COMMANDS.test(name)) {
        const commands = (held = [command]);
        const loaded = () => {
          held = 0;
          commands.map(run);
        };
        load(beside).then(loaded, loaded);
      }
    } catch (error) {
      console.warn(error);
    }
  };

  const sign = (event: Event) => {
    try {
      const target = event.target as Element;
      attend();
      if (target.closest?.('[data-feature]')) run(['feature', event]);
      const link = links && event.type == 'click' && target.closest('a');
      const kind = (link as any) && core.l(link as HTMLAnchorElement);
      if (kind) hit({ [kind]: (link as HTMLAnchorElement).href });
    } catch (error) {
      console.warn(error);
    }
  };
  'keydown scroll click visibilitychange'.split(' ').map((type) => addEventListener(type, sign, true));

  (window as any)._paq = core;
  if (dataset.site) asked.push(['trackPageView']);
  asked.sort((a: any, b: any) => (FIRST.test(b?.[0]) as any) - (FIRST.test(a?.[0]) as any)).map(run);
  return core;
}
