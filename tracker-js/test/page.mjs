// A page just large enough for the tracker: the built files run in it, with a clock and a storage that tests hold.
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import vm from 'node:vm';

const read = (file) => readFileSync(new URL(`../dist/${file}`, import.meta.url), 'utf8');
const CORE = read('matomo.js');
const FULL = read('full.js');

/** An element with what the tracker asks of it; `inside` are its ancestors, the nearest first. */
export const element = ({ tag = 'div', data = {}, href, attributes = [], classes = [] } = {}, ...inside) => {
  const url = href === undefined ? {} : new URL(href, 'https://quiz.example/');
  const self = {
    tag,
    dataset: data,
    href: url.href,
    host: href === undefined ? undefined : url.host,
    hostname: url.hostname,
    pathname: url.pathname,
    classList: { contains: (name) => classes.includes(name) },
    around: [],
    contains: (other) => self.around.includes(other),
    hasAttribute: (name) => attributes.includes(name),
    attributes: Object.fromEntries(attributes.map((name) => [name, { name }])),
    closest(selector) {
      const fits = {
        a: (one) => one.tag == 'a',
        '[data-feature]': (one) => 'feature' in one.dataset,
        '[data-feature-group]': (one) => 'featureGroup' in one.dataset,
        '[data-feature-timed]': (one) => 'featureTimed' in one.dataset,
        '[data-feature]:not([data-feature-timed])': (one) => 'feature' in one.dataset && !('featureTimed' in one.dataset),
      }[selector];
      if (!fits) throw new Error(`selector ${selector} is not known here`);
      return [self, ...inside].find(fits) ?? null;
    },
  };
  for (const one of inside) one.around.push(self);
  return self;
};

export function page({
  queue,
  data = {},
  now = '2026-11-24T10:00:00Z',
  storage = {},
  storageFails = false,
  navigator = {},
  beacon = () => true,
  fullFails = false,
  prerendering = false,
} = {}) {
  let clock = Date.parse(now);
  const listeners = [];
  const timers = [];
  const seen = { hits: [], returns: [], images: [], warnings: [], fetched: [], storage };

  class Clock extends Date {
    constructor(...args) {
      super(...(args.length ? args : [clock]));
    }
    static now() {
      return clock;
    }
  }
  const context = {
    Date: Clock,
    URL,
    URLSearchParams,
    crypto: webcrypto, // Debian's Node has no global one
    performance: { now: () => clock - Date.parse(now) + 1 },
    location: new URL('https://quiz.example/demo/creer.html?classe=3B#haut'),
    console: { warn: (...words) => seen.warnings.push(words.map(String).join(' ')) },
    document: {
      currentScript: { src: 'https://mesure.example/matomo.js', dataset: data },
      title: 'Créer un quiz',
      readyState: 'complete',
      querySelector: () => null,
      referrer: 'https://ent.example/accueil',
      prerendering,
      hidden: prerendering,
      hasFocus: () => true,
      get cookie() {
        throw new Error('the tracker read a cookie');
      },
      set cookie(_) {
        throw new Error('the tracker set a cookie');
      },
    },
    navigator: {
      sendBeacon(address, body) {
        const taken = beacon(address);
        const hit = { address, body, ...Object.fromEntries(new URL(address, context.location).searchParams), ...(body && Object.fromEntries(body)) };
        // What is told once a day is a list of its own: it comes when the second file does.
        if (taken) seen[hit.ret_since ? 'returns' : 'hits'].push(hit);
        return taken;
      },
      onLine: true,
      ...navigator,
    },
    CSS: { escape: (text) => text },
    screen: { width: 1280, height: 800 },
    Image: class {
      set src(address) {
        seen.images.push(address);
      }
    },
    history: {
      pushState(_, __, address) {
        context.location.href = new URL(address, context.location).href;
      },
      replaceState(_, __, address) {
        context.location.href = new URL(address, context.location).href;
      },
    },
    addEventListener: (type, listener) => listeners.push({ type, listener }),
    setTimeout: (action, delay) => timers.push({ action, at: clock + delay }),
    clearTimeout: (id) => id && (timers[id - 1].action = () => {}),
    __import: (address) => (context.modules[address] ??= context.__fetch(address)), // as browsers do, once for an address
    modules: {},
    __fetch: async (address) => {
      seen.fetched.push(address);
      await setImmediate();
      if (fullFails) throw new Error('not to be had');
      vm.runInContext(FULL, context);
    },
  };
  if (storageFails)
    Object.defineProperty(context, 'localStorage', {
      get() {
        throw new Error('denied');
      },
    });
  else context.localStorage = storage;
  context.window = context;
  if (queue) context._paq = queue;
  vm.createContext(context);
  vm.runInContext(CORE.replace(/\bimport\(/, '__import('), context);

  return {
    ...seen,
    context,
    push: (...commands) => context._paq.push(...commands),
    /** Lets the second file arrive. */
    settle: async () => {
      for (let turn = 0; turn < 4; turn++) await setImmediate();
    },
    wait(seconds) {
      clock += seconds * 1000;
      for (const timer of timers)
        if (timer.at <= clock) {
          timer.at = Infinity;
          timer.action();
        }
    },
    event(type, target = context.document, more = {}) {
      for (const one of listeners) if (one.type == type) one.listener({ type, target, ...more });
    },
    hide() {
      context.document.hidden = true;
      this.event('visibilitychange');
    },
    show() {
      context.document.hidden = false;
      this.event('visibilitychange');
    },
  };
}
