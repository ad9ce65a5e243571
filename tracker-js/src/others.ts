// The commands that other clients have and this one has not: those with nothing to do, and what to use in place of the rest.

/** What they ask for is so already: no cookie, the transport chosen by the browser's means, attention always measured. */
const IDLE =
  /Cookie|HeartBeat|^setDoNotTrack$|SendBeacon|^setRequest(Method|ContentType|QueueInterval)$|^disableQueueRequest$|^disablePerformanceTracking$|^setGenerationTimeMs$|^setLinkTrackingTimer$|^setCountPreRendered$|CrossDomainLinking|^setCrossDomain|^setApiUrl$|^setAPIUrl$/;

export const idle = (name: string): boolean => IDLE.test(name);

const INSTEAD: [RegExp, string][] = [
  [/Ecommerce/, 'there is no commerce here; use trackGoal(id, revenue) or trackEvent'],
  [/CustomVar/, 'use setCustomDimension(id, value)'],
  [/Campaign|Attribution|Referrer/, 'campaigns and referrers are sorted out on the server, in the settings of the site'],
  [/VisitorId/, 'visitors have no lasting id; use setUserId(id) for people who are signed in'],
  [/CustomData|appendToTrackingUrl|CustomRequestProcessing/, 'use setCustomDimension(id, value)'],
  [/Tracker|Plugin|::|\./, 'there is one tracker, and no plug-in; use the commands of the README'],
  [/^(get|is|has|are)[A-Z]/, 'this value is not read back; keep what you set'],
  [/^addListener$/, 'use enableLinkTracking, which sees every link'],
  [/killFrame/, 'use the header Content-Security-Policy: frame-ancestors'],
  [/redirectFile|enableFileTracking/, 'pages opened from a file are tracked like others'],
];

export const instead = (name: string): string => INSTEAD.find(([pattern]) => pattern.test(name))?.[1] ?? 'no such command; see the README of padoqe-tracker';
