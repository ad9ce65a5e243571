// The second file: what most pages never need. The core fetches it at the first command that it does not know itself.

import type { Core } from './core.js';
import { features } from './features.js';
import { historyTracking } from './history.js';
import { links } from './links.js';
import { idle, instead } from './others.js';

const core = (window as unknown as { _paq: Core })._paq;
const { c } = core;

// Addresses: what they lose before they are sent.
let cut: ((address: URL) => void)[] = [];
const send = core.s;
core.s = (params) => {
  for (const name of ['url', 'urlref'])
    if (cut.length && params[name]) {
      const address = new URL(params[name] as string, location.href);
      cut.forEach((one) => one(address));
      params[name] = address.href;
    }
  send(params);
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

  trackContentImpression: (c_n: string, c_p = 'Unknown', c_t?: string) => core.h({ c_n, c_p, c_t, ca: 1 }),
  trackContentInteraction: (c_i: string, c_n: string, c_p = 'Unknown', c_t?: string) => core.h({ c_i, c_n, c_p, c_t, ca: 1 }),
  trackRequest: (request: string) => core.h(Object.fromEntries(new URLSearchParams(request))),
  queueRequest: (request: string) => core.h(Object.fromEntries(new URLSearchParams(request))),
  ping: () => core.p(1),
});
links(core);
features(core);
historyTracking(core);

// Everything else: nothing to do, or a word on what to use instead, once for each name.
const said = new Set<string>();
const rest = (name: string) => () => {
  if (idle(name) || said.has(name)) return;
  said.add(name);
  console.warn(`padoqe: ${name}: ${instead(name)}`);
};
// The core looks pushed functions up too, by their text, before it calls them: only names are answered.
Object.setPrototypeOf(c, new Proxy({}, { get: (_, name) => (typeof name == 'string' && /^[\w:.]+$/.test(name) ? rest(name) : undefined) }));
