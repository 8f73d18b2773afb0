// terms.ts - what a key may do, as fields of a form, and back as the API takes it.
import type { Key, KeyChange } from '../api/keys';
import type { Permission } from '../parts/words';

export const classNames = ['read', 'transact', 'manage'] as const;
export type ClassName = (typeof classNames)[number];
export type Rule = { address: string; classes: ClassName[] };
export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'none' | 'given';   /* given: the account's, or the installation's */

export type Terms = {
  name: string;
  permissions: Permission[];
  expires: string;      /* never, 30d, 90d, 365d, or date, which `date` then says */
  date: string;
  rules: Rule[];
  rate: string;         /* so many a */
  rateUnit: Unit;
  burst: string;
  quota: string;
  quotaUnit: Unit;
  rotationDays: string;
  onOverdue: Key['onOverdue'];
};

/** What a new key is given where nothing is said. */
export type Given = { rate: string; quota: string };

/** What the API does when nothing is said. */
export const usual: Terms = {
  name: '', permissions: ['read_only'], expires: 'never', date: '', rules: [],
  rate: '', rateUnit: 'given', burst: '', quota: '', quotaUnit: 'given', rotationDays: '90', onOverdue: 'alert',
};

const units: Record<string, Unit> = { s: 'second', min: 'minute', hour: 'hour', day: 'day', month: 'month' };

function unitText(unit: Unit): string {
  return Object.keys(units).find((text) => units[text] === unit) ?? unit;
}

/* "600/min:20" */
function parts(text: string): { count: string; unit: Unit; burst: string } {
  const [, count = '', unit = '', burst = ''] = /^(\d+)\/([a-z]+)(?::(\d+))?$/.exec(text) ?? [];
  return { count, unit: units[unit] ?? 'none', burst };
}

function limitText(count: string, unit: Unit, burst: string): string | undefined {
  if (unit === 'given') return undefined;
  if (unit === 'none') return 'none';
  return `${count.trim()}/${unitText(unit)}${burst.trim() === '' ? '' : `:${burst.trim()}`}`;
}

/** "10.8.0.0/16=transact,manage"; without classes it is for all of them. */
export function ruleOf(text: string): Rule {
  const [address = '', classes] = text.split('=');
  return { address, classes: classes === undefined ? [...classNames] : classNames.filter((c) => classes.split(',').includes(c)) };
}

function ruleText({ address, classes }: Rule): string {
  return classes.length === classNames.length ? address.trim() : `${address.trim()}=${classes.join(',')}`;
}

export function termsOf(key: Key): Terms {
  const rate = parts(key.rate);
  const quota = parts(key.quota);
  return {
    name: key.name,
    permissions: key.permissions,
    expires: key.expires === null ? 'never' : 'date',
    date: key.expires?.slice(0, 10) ?? '',
    rules: key.allowIp.map(ruleOf),
    rate: rate.count, rateUnit: rate.unit, burst: rate.burst,
    quota: quota.count, quotaUnit: quota.unit,
    rotationDays: String(key.rotationDays),
    onOverdue: key.onOverdue,
  };
}

type Body = Required<Omit<KeyChange, 'rate' | 'quota'>> & Pick<KeyChange, 'rate' | 'quota'>;

/** None chosen means Read Only. */
export function toBody(terms: Terms): Body {
  return {
    name: terms.name.trim(),
    permissions: terms.permissions.length > 0 ? terms.permissions : ['read_only'],
    expires: terms.expires === 'date' ? terms.date : terms.expires,
    allowIp: terms.rules.filter((rule) => rule.address.trim() !== '').map(ruleText),
    rate: limitText(terms.rate, terms.rateUnit, terms.burst),
    quota: limitText(terms.quota, terms.quotaUnit, ''),
    rotationDays: terms.rotationDays.trim() === '' ? 0 : Number(terms.rotationDays),
    onOverdue: terms.onOverdue,
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The members that were touched since the form was filled from `read`. */
export function changed(read: Terms, terms: Terms): KeyChange {
  const before = toBody(read);
  return Object.fromEntries(Object.entries(toBody(terms)).filter(([name, value]) => !isSame(before[name as keyof Body], value)));
}

/** What was typed, upon what somebody else has made of the rest meanwhile. */
export function rebased(read: Terms, typed: Terms, now: Terms): Terms {
  const touched = Object.entries(typed).filter(([name, value]) => !isSame(read[name as keyof Terms], value));
  return { ...now, ...Object.fromEntries(touched) };
}

const number = new Intl.NumberFormat();

/** "600 requests a minute", "10 requests a second, 20 at once" */
export function rateInWords(text: string): string {
  const { count, unit, burst } = parts(text);
  if (unit === 'none') return 'no rate limit';
  return `${number.format(Number(count))} requests ${unit === 'hour' ? 'an' : 'a'} ${unit}${burst === '' ? '' : `, ${number.format(Number(burst))} at once`}`;
}

export function quotaInWords(text: string): string {
  const { count, unit } = parts(text);
  return unit === 'none' ? 'no quota' : `${number.format(Number(count))} requests a ${unit} in all`;
}

const overdueInWords = { alert: '', read_only: ' or it only reads', expire: ' or it expires' };

/** One line about what is folded away. */
export function inWords(terms: Terms, given: Given = { rate: 'none', quota: 'none' }): string {
  const n = terms.rules.filter((rule) => rule.address.trim() !== '').length;
  const body = toBody(terms);
  const expiry: Record<string, string> = { never: 'never expires', date: `expires on ${terms.date || 'a day'}` };
  const line = [
    expiry[terms.expires] ?? `expires in ${terms.expires.replace('d', ' days')}`,
    n === 0 ? 'usable from everywhere' : n === 1 ? 'usable from 1 address' : `usable from ${n} addresses`,
    rateInWords(body.rate ?? given.rate),
    quotaInWords(body.quota ?? given.quota),
    body.rotationDays === 0 ? 'no rotation' : `rotation after ${body.rotationDays} days${overdueInWords[body.onOverdue]}`,
  ].join(', ');
  return line.charAt(0).toUpperCase() + line.slice(1);
}
