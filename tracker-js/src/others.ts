// The commands that other clients have and this one has not: those with nothing to do, and what to use in place of the rest.

/** What they ask for is so already: no cookie, the transport chosen by the browser's means, attention always measured. */
const IDLE =
  /Cookie|HeartBeat|^setDoNotTrack$|SendBeacon|^setRequest(Method|ContentType|QueueInterval)$|^disableQueueRequest$|BrowserFeatureDetection|^disablePerformanceTracking$|^setGenerationTimeMs$|^setLinkTrackingTimer$|^setCountPreRendered$|CrossDomainLinking|^setCrossDomain|^setApiUrl$|^setAPIUrl$/;

export const idle = (name: string): boolean => IDLE.test(name);

const INSTEAD: [RegExp, string][] = [
  [/Ecommerce/, 'there is no commerce here; use trackGoal(id, revenue) or trackEvent'],
  [/CustomVar/, 'use setCustomDimension(id, value)'],
  [/Content/, 'use trackContentImpression(name, piece, target) and trackContentInteraction(interaction, name, piece, target)'],
  [/Consent/, 'nothing is remembered; keep the answer in your consent tool and push setConsentGiven on each page'],
  [/Campaign|Attribution|Referrer/, 'campaigns and referrers are sorted out on the server, in the settings of the site'],
  [/VisitorId|VisitorInfo/, 'visitors have no lasting id; use setUserId(id) for people who are signed in'],
  [/JSErrorTracking/, 'messages may hold what people typed; use trackEvent with a category, an action and no text of theirs'],
  [/PagePerformance/, 'not measured'],
  [/CustomData|appendToTrackingUrl|CustomRequestProcessing/, 'use setCustomDimension(id, value)'],
  [/PageViewId/, 'not used'],
  [/Tracker|Plugin|::|\./, 'there is one tracker, and no plug-in; use the commands of the README'],
  [/^(get|is|has|are)[A-Z]/, 'values are not read back; keep what you set'],
  [/^addListener$/, 'use enableLinkTracking, which sees every link'],
  [/killFrame/, 'use the header Content-Security-Policy: frame-ancestors'],
  [/redirectFile|enableFileTracking/, 'pages opened from a file are tracked like others'],
];

export const instead = (name: string): string => INSTEAD.find(([pattern]) => pattern.test(name))?.[1] ?? 'no such command; see the README of padoqe-tracker';
