// evidence.tsx - what shows it: the numbers and short texts that a detector gives, under names that can be read.
import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import type { Alert } from '../api/alerts';
import { Facts } from '../parts/facts';
import { reasonName } from '../parts/words';
import classes from './page.module.css';

const names: Record<string, string> = {
  perMinute: 'In one minute',
  usual: 'Usually',
  hour: 'Hour of the day',
  agent: 'User agent',
  generation: 'Generation of the secret',
  what: 'What was done about the leak',
  by: 'Reported by',
  url: 'Found at',
  edge: 'Near the limit from',
  amounts: 'Such amounts',
  denials: 'Times denied',
  sandboxDays: 'Days with sandbox keys only',
  asNumber: 'Autonomous system',
  source: 'From address',
  credential: 'Came with',
  alertsThisHour: 'Alerts of this kind in an hour',
  alertsThisDay: 'Alerts of this kind in a day',
};
const reporters: Record<string, string> = { anybody: 'Anybody', github: 'GitHub, signed' };
const leaks: Record<string, string> = {
  told: 'Nothing', froze_transact: 'Its transactions were frozen', froze_all: 'The key was frozen', disabled: 'The key was disabled', revoked: 'The key was revoked',
  done_before: 'Nothing: it was held back before', not_done: 'It could not be held back',
};
const count = new Intl.NumberFormat();
const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });

/* "failuresSeen" is "Failures seen": later versions may tell what is not known here. */
function nameOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return names[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/* A code that is none is shown as it is. */
function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? `${countries.of(code)} (${code})` : code;
}

function Source({ address }: { address: string }) {
  return <><span className={classes.mono}>{address}</span> <Anchor component={Link} href={activityHref({ source: address })} size="sm" underline="always">all from this address</Anchor></>;
}

const values: Record<string, (value: string) => ReactNode> = {
  hour: (value) => `${two(Number(value))}:00 to ${two((Number(value) + 1) % 24)}:00, UTC`,
  asNumber: (value) => `AS${value}`,
  country: countryName,
  reason: (value) => <>{reasonName(value)} {reasonName(value) !== value && <span className={classes.code}>{value}</span>}</>,
  source: (value) => <Source address={value} />,
  by: (value) => reporters[value] ?? value,
  what: (value) => leaks[value] ?? value,
  credential: (value) => value === 'access_token' ? 'An access token of the key' : value,
};

function shown(name: string, value: string | number): ReactNode {
  const form = values[name];
  if (form !== undefined) return form(String(value));
  return typeof value === 'number' ? count.format(value) : <bdi className={classes.mono}>{value}</bdi>;
}

/** All of it is text: whoever sent a user agent or an address of a page chose it. */
export function Evidence({ of: { evidence } }: { of: Alert }) {
  const facts = Object.entries(evidence);
  if (facts.length === 0) return <Text size="sm" c="dimmed">It says it all by itself: there are no numbers to it.</Text>;
  return <Facts of={facts.map(([name, value]) => [nameOf(name), shown(name, value)])} />;
}
