// words.ts - a report in words: which days it is of, and how it stands.
import type { Report } from '../api/reports';

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "23 Nov to 30 Nov 2026", of UTC, as reports are. */
export function weekOf({ from, to }: Report): string {
  return `${day.format(new Date(from))} to ${dayOfYear.format(new Date(to))}`;
}

export const stateNames = { open: 'Not looked through', acknowledged: 'Looked through' };
export const stateTones = { open: 'open', acknowledged: 'good' } as const;

/** How many alerts of any severity. */
export function raisedIn({ alerts: { raised } }: Report): number {
  return Object.values(raised).reduce((sum, n) => sum + n, 0);
}
