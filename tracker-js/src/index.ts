import { start as startCore } from './core.js';
import type { Command } from './commands.js';

export type { Command, Commands, CoreCommands, FullCommands, HitDimensions } from './commands.js';

export interface Options {
  /** The address that takes the hits, such as `https://mesure.example.fr/matomo.php`. */
  url: string;
  /** The site's number in PADOQE. */
  site: number | string;
  /** The zone in which a day ends, `Europe/Paris` unless told. */
  zone?: string;
}

export interface Tracker {
  push(...commands: Command[]): void;
  /** Times a feature, `'Group/name'` or `'name'`: its use lasts from `start` to `stop`, while the page is visible. */
  feature(name: string): { start(): void; stop(): void };
}

/** Starts the tracker in this page, once; nothing is sent before a command says so. */
export function start(options: Options): Tracker {
  const dataset = options.zone ? { url: options.url, zone: options.zone } : { url: options.url };
  const tracker = startCore({ src: options.url, dataset }, () => import('./full.js')) as Tracker;
  tracker.push(['setSiteId', options.site]);
  return tracker;
}
