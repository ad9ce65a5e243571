// Single-page applications: a change of address is a page view, once, with the title that comes with it.

import type { Core } from './core.js';

/** Milliseconds from a change of address to its page view: redirections settle, and the title is set. */
const SETTLED = 100;

const page = () => location.pathname + location.search + (/^#[/!]/.test(location.hash) ? location.hash : '');

export function historyTracking({ c }: Core): void {
  let enabled = false;
  c.enableHistoryTracking = () => {
    if (enabled) return;
    enabled = true;

    let here = page();
    let address = location.href;
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (page() == here) return;
        c.setReferrerUrl!(address);
        here = page();
        address = location.href;
        c.setCustomUrl!(address);
        c.trackPageView!(document.title);
      }, SETTLED) as unknown as number;
    };

    for (const name of ['pushState', 'replaceState'] as const) {
      const change = history[name];
      history[name] = function (...args) {
        change.apply(this, args);
        moved();
      };
    }
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
  };
}
