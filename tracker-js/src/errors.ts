// Errors of the page's own scripts, as events. Messages may quote what people typed: what stands between quotation marks,
// and every number, is cut.

import type { Core } from './core.js';

/** The longest message sent. */
const LONGEST = 120;
/** Errors sent for one page view; a page that fails in a loop says no more. */
const MOST = 10;

const cut = (text: string) => text.replace(/(["'`«“‘]).*?(["'`»”’]|$)/g, '…').replace(/\d+/g, '0').slice(0, LONGEST);

export function errors({ c }: Core): void {
  let enabled = false;
  let seen = new Set<string>();
  const { trackPageView } = c;
  c.trackPageView = (...args) => {
    seen = new Set();
    trackPageView!(...args);
  };
  c.enableJSErrorTracking = () => {
    if (enabled) return;
    enabled = true;
    addEventListener('error', (event) => {
      const { message, filename, lineno, colno } = event as ErrorEvent;
      if (!message) return; // an image or a script that did not load
      const place = `${(filename ?? '').replace(/[?#].*|^\w+:\/\/[^/]*/g, '')}:${lineno ?? 0}:${colno ?? 0}`;
      const key = place + message;
      if (seen.has(key) || seen.size >= MOST) return;
      seen.add(key);
      c.trackEvent!('JavaScript Errors', place, cut(message));
    });
  };
}
