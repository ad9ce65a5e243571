// Consent that lasts: the date until which it does, and nothing else, is kept on the device.

import type { Core } from './core.js';

const NAME = 'padoqe_consent';
const HOUR = 36e5;
/** Hours in 13 months: no longer, whatever is asked. */
const LONGEST = 9504;

export function consent({ c }: Core): void {
  const given = (): number => {
    try {
      const [from, until] = (localStorage[NAME] ?? '').split('-').map(Number);
      return until > Date.now() ? from : 0;
    } catch {
      return 0;
    }
  };
  const keep = (text: string) => {
    try {
      text ? (localStorage[NAME] = text) : delete localStorage[NAME];
    } catch {}
  };
  Object.assign(c, {
    rememberConsentGiven(hours?: number) {
      const now = Date.now();
      keep(`${now}-${now + Math.min(hours || LONGEST, LONGEST) * HOUR}`);
      c.setConsentGiven!();
    },
    forgetConsentGiven() {
      keep('');
      requireConsent!();
    },
    hasRememberedConsent: () => given() > 0,
    getRememberedConsent: () => given() || null,
  });
  const { requireConsent, optUserOut } = c;
  c.requireConsent = () => {
    requireConsent!();
    if (given()) c.setConsentGiven!();
  };
  c.optUserOut = () => {
    keep('');
    optUserOut!();
  };
  // The core may have been told to wait before this file was here.
  if (given()) c.setConsentGiven!();
}
