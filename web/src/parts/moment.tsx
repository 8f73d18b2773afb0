// moment.tsx - a time: local to look at, UTC under the pointer, and how long ago it was where that says more.
import { Text, Tooltip } from '@mantine/core';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", "in 12 days"; within a minute: "just now". */
export function fromNow(at: Date, now = Date.now()): string {
  const seconds = (at.getTime() - now) / 1000;
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step === undefined ? 'just now' : relative.format(Math.trunc(seconds / step[1]), step[0]);
}

export function daysUntil(at: string, now = Date.now()): number {
  return Math.floor((Date.parse(at) - now) / 86_400_000);
}

const forms = { full: (d: Date) => full.format(d), day: (d: Date) => day.format(d), clock: (d: Date) => clock.format(d), ago: (d: Date) => fromNow(d) };

type Props = { at: string | null; form?: keyof typeof forms; never?: string };

/** `at` as the API gives it; null is said as `never`. */
export function Moment({ at, form = 'full', never = 'never' }: Props) {
  if (at === null) return <Text span inherit c="dimmed">{never}</Text>;
  const date = new Date(at);
  const tip = (
    <>
      {full.format(date)}
      <br />
      {date.toISOString().replace('T', ' ').replace(/\.000Z$/, 'Z').replace('Z', ' UTC')}
    </>
  );
  return (
    <Tooltip label={tip}>
      <time dateTime={at} tabIndex={0}>
        {forms[form](date)}
      </time>
    </Tooltip>
  );
}
