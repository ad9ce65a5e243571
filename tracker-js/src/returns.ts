// Coming back, told without an id that outlives a day: the device keeps a few coarse facts, in the entry that holds the id
// of the day, and tells them once a day, as buckets. The server counts the buckets.
//   ret_since  weeks since the week of first use: 0 1 2 3 4 5 9 13 27 (each to the next)
//   ret_days   days of use in the 30 days before this one: 0 1 2 4 8
//   ret_first  first use this week, month, school year: the letters w, m, y of those that are true, 0 where none is

import type { Core, Params } from './core.js';
import { timings } from './timings.js';

const SINCE = [0, 1, 2, 3, 4, 5, 9, 13, 27];
const DAYS = [0, 1, 2, 4, 8];

/** Weeks that facts live: 13 months. Afterwards the device is new again. */
const LIFE = 56;

/** Days before today that are remembered. */
const WINDOW = 2 ** 30;

const DAY = 864e5;
/** The date and the id of the day. */
const OF_TODAY = 26;

const least = (buckets: number[], n: number) => buckets.filter((bucket) => bucket <= n).pop()!;
const weekOf = (day: number) => Math.floor((day + 3) / 7);
const monthOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 7);
/** School years begin on the first of September. */
const schoolYearOf = (day: number) => new Date(day * DAY - 243 * DAY).getUTCFullYear();

export interface Facts {
  /** The week of first use, and the last day of use, in weeks and days since 1970. */
  first: number;
  last: number;
  /** A bit for each of the 30 days before the last one. */
  mask: number;
}

/** What is told today, and what is kept; nothing where today has been told already. */
export function told(day: number, before: Facts | null): { params: Params; facts: Facts } | null {
  const week = weekOf(day);
  const known = before && before.last <= day && week - before.first <= LIFE ? before : null;
  if (known?.last == day) return null;
  const gap = known ? day - known.last : 99;
  // Exact: a product by a power of two.
  const mask = gap > 30 ? 0 : ((known!.mask * 2 + 1) * 2 ** (gap - 1)) % WINDOW;
  const first = known?.first ?? week;
  const news = (of: (day: number) => number | string) => !known || of(known.last) != of(day);
  return {
    params: {
      ret_since: least(SINCE, week - first),
      ret_days: least(DAYS, mask.toString(2).replace(/0/g, '').length),
      ret_first: (news(weekOf) ? 'w' : '') + (news(monthOf) ? 'm' : '') + (news(schoolYearOf) ? 'y' : '') || 0,
    },
    facts: { first, last: day, mask },
  };
}

/** Tells the facts of the day with a ping, once the page is loaded; returns what looks whether a new day has come. */
export function returns(core: Core): () => void {
  let asked = '';
  const tell = () => {
    const entry = core.k();
    const date = /^(\d\d)\/(\d\d)\/(\d{4})/.exec(entry);
    let stored: unknown;
    try {
      stored = localStorage.padoqe;
    } catch {}
    // Where nothing can be kept, nothing is known, and nothing is told.
    if (!date || stored != entry) return;
    const [, d, m, y] = date;
    const read = /^~(\d+)\.(\d+)\.([0-9a-z]+)$/.exec(entry.slice(OF_TODAY));
    const before = read && { first: Number(read[1]), last: Number(read[2]), mask: parseInt(read[3]!, 36) };
    const today = told(Date.UTC(Number(y), Number(m) - 1, Number(d)) / DAY, before);
    if (!today) return;
    const { first, last, mask } = today.facts;
    core.k(entry.slice(0, OF_TODAY) + `~${first}.${last}.${mask.toString(36)}`);
    core.h({ ping: 1, ...today.params, ...timings() });
  };
  return () => {
    const day = core.k().slice(0, 10);
    if (day == asked) return;
    asked = day;
    if (document.readyState == 'complete') tell();
    else addEventListener('load', () => setTimeout(tell));
  };
}
