// The second file: what most pages never need. The core fetches it at the first command that it does not know itself.

import type { Core, Params } from './core.js';
import { consent } from './consent.js';
import { contents } from './contents.js';
import { errors } from './errors.js';
import { features } from './features.js';
import { historyTracking } from './history.js';
import { links } from './links.js';
import { idle, instead } from './others.js';
import { reading } from './reading.js';
import { returns } from './returns.js';

const core = (window as unknown as { _paq: Core })._paq;
const { b, c } = core;

/** Hits that wait for the network; the oldest give way. */
const MOST_WAITING = 50;

// Addresses: what they lose before they are sent.
const newDay = returns(core);
let detailed = false; // minutes, seconds and resolution go with hits
let titled = ''; // by setDocumentTitle
let timing: Params = {}; // by setPagePerformanceTiming, for the next page view
let cut: ((address: URL) => void)[] = [];
const send = core.s;
core.s = (params) => {
  for (const name of ['url', 'urlref'])
    if (cut.length && params[name]) {
      const address = new URL(params[name] as string, location.href);
      cut.forEach((one) => one(address));
      params[name] = address.href;
    }
  // What has to wait says when it was; what was swallowed since the last time is told.
  if (navigator.onLine === false) params.cdt = params.cdt ?? Math.floor(Date.now() / 1000);
  if (params.ping && core.e) {
    params.trk_err = core.e;
    core.e = 0;
  }
  if (params.action_name) {
    params = { ...params, ...timing };
    timing = {};
  }
  if (detailed) {
    const now = new Date();
    params = { ...params, m: now.getMinutes(), s: now.getSeconds(), res: `${screen.width}x${screen.height}` };
  }
  send(params);
  if (core.w.length > MOST_WAITING) core.w.shift();
  newDay();
};
const cutHash = (address: URL) => (address.hash = '');
const cutParams = (cuts: (name: string) => boolean) => (address: URL) => {
  // As text, so that what stays is sent as it was written.
  address.search = address.search
    .slice(1)
    .split('&')
    .filter((pair) => !cuts(decodeURIComponent(pair.replace(/=.*|\+/g, ''))))
    .join('&');
};
const CAMPAIGN = /^(utm|mtm|pk|piwik|matomo)_|^(gclid|fbclid|msclkid|twclid|wbraid|gbraid|yclid)$/i;

const { trackPageView } = c;

Object.assign(c, {
  resetUserId: () => c.setUserId!(),

  discardHashTag(discard = true) {
    cut = cut.filter((one) => one != cutHash);
    if (discard) cut.push(cutHash);
  },
  setExcludedQueryParams(names: string[]) {
    const lower = names.map((name) => name.toLowerCase());
    cut.push(cutParams((name) => lower.includes(name.toLowerCase())));
  },
  disableCampaignParameters: () => cut.push(cutParams((name) => CAMPAIGN.test(name))),

  setCustomUrl: (url: string) => (b.url = new URL(url, location.href).href),
  setReferrerUrl: (url: string) => (b.urlref = url),
  setDocumentTitle: (title: string) => (titled = title),
  trackPageView: (title?: string, dimensions?: Params) => trackPageView!(title || titled, dimensions),
  trackSiteSearch: (search: string, category?: string | false, count?: number | false, dimensions?: Params) =>
    core.h({ search, search_cat: category || null, search_count: count === false ? null : count }, dimensions),
  trackLink: (url: string, type: 'link' | 'download', dimensions?: Params) => core.h({ [type]: url }, dimensions),
  deleteCustomDimension: (id: number) => delete b['dimension' + id],
  enableBrowserFeatureDetection: () => (detailed = true),
  disableBrowserFeatureDetection: () => (detailed = false),
  setPagePerformanceTiming: (...spans: number[]) =>
    ['net', 'srv', 'tfr', 'dm1', 'dm2', 'onl'].forEach((name, place) => (timing['pf_' + name] = spans[place])),

  trackRequest: (request: string) => core.h(Object.fromEntries(new URLSearchParams(request))),
  queueRequest: (request: string) => core.h(Object.fromEntries(new URLSearchParams(request))),
  ping: () => core.p(1),
});
links(core);
features(core);
historyTracking(core);
contents(core);
consent(core);
errors(core);
reading(core);
newDay();

// Everything else: nothing to do, or a word on what to use instead, once for each name.
const said = new Set<string>();
const rest = (name: string) => () => {
  if (idle(name) || said.has(name)) return;
  said.add(name);
  console.warn(`padoqe: ${name}: ${instead(name)}`);
};
// The core looks pushed functions up too, by their text, before it calls them: only names are answered.
Object.setPrototypeOf(c, new Proxy({}, { get: (_, name) => (typeof name == 'string' && /^[\w:.]+$/.test(name) ? rest(name) : undefined) }));
