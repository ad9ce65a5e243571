// A page just large enough for the tracker: the built files run in it, with a clock and a storage that tests hold.
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
} = {}) {
  let clock = Date.parse(now);
  const listeners = [];
  const timers = [];
  const seen = { hits: [], images: [], warnings: [], fetched: [], storage };

  class Clock extends Date {
    constructor(...args) {
      super(...(args.length ? args : [clock]));
    }
  }
  const context = {
    Date: Clock,
    URL,
    URLSearchParams,
    crypto: globalThis.crypto,
    performance: { now: () => clock - Date.parse(now) + 1 },
    location: new URL('https://quiz.example/demo/creer.html?classe=3B#haut'),
    console: { warn: (...words) => seen.warnings.push(words.map(String).join(' ')) },
    document: {
      currentScript: { src: 'https://mesure.example/matomo.js', dataset: data },
      title: 'Créer un quiz',
      referrer: 'https://ent.example/accueil',
      hidden: false,
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
        if (taken) seen.hits.push({ address, body, ...Object.fromEntries(new URL(address, context.location).searchParams) });
        return taken;
      },
      ...navigator,
    },
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
    __import: async (address) => {
      seen.fetched.push(address);
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
      await setImmediate();
      await setImmediate();
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
