// What pages read back, and the objects by which the official client is reached.

import type { Core } from './core.js';

export function reading(core: Core): void {
  const { b, c } = core;
  let views = 0;
  let pageView = '';
  const newPageView = () => (pageView = Math.random().toString(36).slice(2, 8).padEnd(6, '0'));
  const { trackPageView } = c;
  c.trackPageView = (...args) => {
    views++;
    if (b.pv_id) b.pv_id = newPageView();
    trackPageView!(...args);
  };
  Object.assign(c, {
    getVisitorId: () => (/^\d/.test(core.k()) ? core.k().slice(10, 26) : ''),
    getVisitorInfo: () => ['0', c.getVisitorId!(), '', '', '', '', ''],
    getUserId: () => b.uid ?? '',
    getSiteId: () => b.idsite,
    getCustomDimension: (id: number) => b['dimension' + id],
    getCurrentUrl: () => '' + (b.url ?? location.href),
    getNumTrackedPageViews: () => views,
    setPageViewId: (id: string) => (b.pv_id = pageView = id),
    getPageViewId: () => (b.pv_id = pageView || newPageView()),
    isUserOptedOut: () => core.k() == 'out',
    areCookiesEnabled: () => false,
    hasCookies: () => '0',
    isCrossDomainLinkingEnabled: () => false,
    getCrossDomainLinkingUrlParameter: () => '',
    getRememberedCookieConsent: () => null,
  });

  const { window: w } = globalThis as unknown as { window: Record<string, any> };
  const tracker = () => c;
  const nothing = () => undefined;
  w.Matomo = w.Piwik = {
    initialized: true,
    getTracker: tracker,
    getAsyncTracker: tracker,
    getAsyncTrackers: () => [c],
    addTracker: tracker,
    on: nothing,
    off: nothing,
    trigger: nothing,
    retryMissedPluginCalls: nothing,
  };
  for (const name of ['matomoAsyncInit', 'piwikAsyncInit'])
    try {
      w[name]?.();
    } catch (error) {
      console.warn(error, ++core.e);
    }
}
