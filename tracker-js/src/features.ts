// Features by attribute. On an element:
//   data-feature="x"        a click on it is one use of x
//   data-feature-timed      instead, how long it is in use is measured, and sent as the value of the event, in seconds
//   data-feature-name="y"   the name of the event, where there is one
// and on it or around it data-feature-group="G": the category of the event, "Fonctionnalité" unless told.

import type { Core } from './core.js';

/** Without a sign of life for longer than this (in milliseconds), it is not in use. */
const IDLE = 120_000;

/** The category of features that stand in no group. */
const DEFAULT_GROUP = 'Fonctionnalité';

export function features(core: Core): void {
  const use = (element: HTMLElement, seconds?: number) => {
    const { feature, featureName } = element.dataset;
    const group = element.closest<HTMLElement>('[data-feature-group]')?.dataset.featureGroup;
    core.h({ e_c: group || DEFAULT_GROUP, e_a: feature, e_n: featureName, e_v: seconds, ca: 1 });
  };

  // A timed element is in use from the first sign of life in it to the first elsewhere, or until the page is hidden;
  // time counts while the page is visible, the window has the focus and signs of life come.
  let used: HTMLElement | null = null;
  let spent = 0;
  let since = 0; // 0 while time does not count
  const count = () => {
    const now = performance.now();
    if (since) spent += Math.min(now - since, IDLE);
    since = used && !document.hidden && document.hasFocus() ? now : 0;
  };
  const turnTo = (element: HTMLElement | null) => {
    count();
    if (element == used) return;
    const seconds = Math.round(spent / 1000);
    if (used && seconds) use(used, seconds);
    used = element;
    spent = 0;
    count();
  };
  const at = (event: Event) => {
    const target = event.target as Element;
    if (!target.closest) return;
    const timed = target.closest<HTMLElement>('[data-feature-timed]');
    // What surrounds it may take the focus, as a <main tabindex="-1"> does at a click on a canvas: it is in use all the same.
    if (timed || event.type != 'focusin' || !target.contains(used)) turnTo(timed);
  };
  let listening = false;
  const listen = () => {
    listening = true;
    for (const type of ['pointerdown', 'keydown', 'click', 'focusin']) addEventListener(type, at, true);
    for (const type of ['pointerup', 'scroll', 'focus', 'blur']) addEventListener(type, count, true);
    for (const type of ['visibilitychange', 'pagehide'])
      addEventListener(type, () => (document.hidden || type == 'pagehide' ? turnTo(null) : count()), true);
  };

  // From script: padoqe.feature('x').start() and .stop(), or 'Group/x'. Time counts while the page is visible; what is left of it when
  // the page is hidden is sent then, and a use that goes on afterwards is another one.
  const running = new Map<string, { spent: number; since: number }>();
  const tally = (name: string) => {
    const one = running.get(name)!;
    const now = performance.now();
    if (one.since) one.spent += now - one.since;
    one.since = document.hidden ? 0 : now;
  };
  const tell = (name: string) => {
    tally(name);
    const one = running.get(name)!;
    const seconds = Math.round(one.spent / 1000);
    one.spent = 0;
    if (!seconds) return;
    const [, e_c = DEFAULT_GROUP, e_a] = /^(?:(.+?)\/)?(.*)$/.exec(name)!;
    core.h({ e_c, e_a, e_v: seconds, ca: 1 });
  };
  for (const type of ['visibilitychange', 'pagehide'])
    addEventListener(type, () => running.forEach((_, name) => (document.hidden || type == 'pagehide' ? tell : tally)(name)), true);
  core.c.start = (name: string) => {
    if (!running.has(name)) running.set(name, { spent: 0, since: document.hidden ? 0 : performance.now() });
  };
  core.c.stop = (name: string) => {
    if (!running.has(name)) return;
    tell(name);
    running.delete(name);
  };

  // The core calls this with every sign of life that is in an element with data-feature.
  core.c.feature = (event: Event) => {
    const counted = (event.target as Element).closest<HTMLElement>('[data-feature]:not([data-feature-timed])');
    if (counted && event.type == 'click') use(counted);
    if (!listening) {
      listen();
      at(event);
    }
  };
}
