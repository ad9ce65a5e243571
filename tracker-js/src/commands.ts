/** The commands a page may push, as types: they cost nothing in the files that are served. */

/** `dimension1`, `dimension2`, …: custom dimensions that go with one hit only. */
export type HitDimensions = { [dimension: `dimension${number}`]: string };

/** Done by the core: they act at once. */
export interface CoreCommands {
  setTrackerUrl(url: string): void;
  setSiteId(id: number | string): void;

  trackPageView(title?: string | null, dimensions?: HitDimensions): void;
  trackEvent(category: string, action: string, name?: string | null, value?: number | null, dimensions?: HitDimensions): void;
  trackGoal(goal: number | string, revenue?: number | null, dimensions?: HitDimensions): void;

  enableLinkTracking(): void;
  /** Sends the attention measured so far every so many seconds too, not only when the page is hidden. */
  enableHeartBeatTimer(seconds?: number): void;

  setUserId(id: string): void;
  resetUserId(): void;
  setCustomDimension(id: number, value: string): void;

  /** Nothing to do: there are none. */
  disableCookies(): void;
  /** Do Not Track is honoured unless this says `false`; Global Privacy Control and the opt-out always are. */
  setDoNotTrack(honoured: boolean): void;
  optUserOut(): void;
  forgetUserOptOut(): void;
  requireConsent(): void;
  setConsentGiven(): void;
}

/** Done by the second file, which the first of them fetches. */
export interface FullCommands {
  trackSiteSearch(keyword: string, category?: string | false | null, count?: number | false | null, dimensions?: HitDimensions): void;
  trackLink(url: string, type: 'link' | 'download', dimensions?: HitDimensions): void;
  setCustomUrl(url: string): void;
  setDocumentTitle(title: string): void;
  setReferrerUrl(url: string): void;
  deleteCustomDimension(id: number): void;
  /** Single-page applications: a change of address is a page view. */
  enableHistoryTracking(): void;
  discardHashTag(discard?: boolean): void;
  setExcludedQueryParams(names: string[]): void;
  disableCampaignParameters(): void;
  setDomains(domains: string | string[]): void;
  setDownloadExtensions(extensions: string | string[]): void;
  addDownloadExtensions(extensions: string | string[]): void;
  removeDownloadExtensions(extensions: string | string[]): void;
  setLinkClasses(classes: string | string[]): void;
  setDownloadClasses(classes: string | string[]): void;
  setIgnoreClasses(classes: string | string[]): void;
  trackContentImpression(name: string, piece?: string, target?: string): void;
  trackContentInteraction(interaction: string, name: string, piece?: string, target?: string): void;
  trackAllContentImpressions(): void;
  trackVisibleContentImpressions(onScroll?: boolean, interval?: number): void;
  trackContentImpressionsWithinNode(node: Element): void;
  trackContentInteractionNode(node: Element, interaction?: string): void;
  /** Times a feature from script; `padoqe.feature(name)` is the same. */
  start(feature: string): void;
  stop(feature: string): void;
  /** For 13 months at most. */
  rememberConsentGiven(hours?: number): void;
  forgetConsentGiven(): void;
  /** Errors of the page's scripts as events, without what stands in quotation marks and without numbers. */
  enableJSErrorTracking(): void;
  /** Resolution, minutes and seconds go with hits. */
  enableBrowserFeatureDetection(): void;
  disableBrowserFeatureDetection(): void;
  setPagePerformanceTiming(network: number, server: number, transfer: number, processing: number, completion: number, onload: number): void;
  setPageViewId(id: string): void;
  trackRequest(request: string): void;
  queueRequest(request: string): void;
  ping(): void;
}

export type Commands = CoreCommands & FullCommands;

type Pushed<C> = { [Name in keyof C]: C[Name] extends (...args: infer A) => void ? [name: Name, ...args: A] : never }[keyof C];

/** What `_paq.push` takes: a command with its arguments, or a function called with the commands as `this`. */
export type Command = Pushed<Commands> | [(this: CoreCommands & Partial<FullCommands>, ...args: never[]) => void, ...unknown[]];

/** Any command at all: what arrives from pages is not typed. */
export type AnyCommand = ArrayLike<unknown>;
