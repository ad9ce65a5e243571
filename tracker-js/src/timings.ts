// How long the page took to come, as Matomo names it, in milliseconds.

import type { Params } from './core.js';

/** The timings of this page; none where one is not known, or before the page is loaded. */
export function timings(): Params {
  const page = performance.getEntriesByType?.('navigation')[0] as PerformanceNavigationTiming | undefined;
  if (!page?.loadEventEnd) return {};
  const spans: Record<string, number> = {
    pf_net: page.connectEnd - page.fetchStart,
    pf_srv: page.responseStart - page.requestStart,
    pf_tfr: page.responseEnd - page.responseStart,
    pf_dm1: page.domInteractive - page.responseEnd,
    pf_dm2: page.domComplete - page.domInteractive,
    pf_onl: page.loadEventEnd - page.loadEventStart,
  };
  if (Object.values(spans).some((span) => !(span >= 0))) return {};
  return Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, Math.round(span)]));
}
