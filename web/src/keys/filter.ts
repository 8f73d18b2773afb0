// filter.ts - what the list of keys is narrowed to. It stands in the address, so that a view can be sent on; a secret never does.
import { useSearchParams } from 'wouter';
import type { KeyFilter } from '../api/keys';
import { publicPart } from './public_part';

export type FilterName = 'q' | 'account' | 'environment' | 'state' | 'permission' | 'unused' | 'due' | 'ending';
export type Asked = Partial<Record<FilterName, string>>;

const allowed: Partial<Record<FilterName, string[]>> = {
  environment: ['sandbox', 'production'],
  state: ['active', 'disabled', 'expired', 'revoked'],
  permission: ['read_only', 'transactions', 'account_management', 'full_access'],
  unused: ['90d', 'ever'],
  due: ['30d'],
  ending: ['30d'],
};
/* Nothing was used before there were gateways: what the API finds then was never used. */
const NEVER = '2000-01-01';

const names: FilterName[] = ['q', 'account', 'environment', 'state', 'permission', 'unused', 'due', 'ending'];

/** Asked for, it takes all filters away. */
export const everything: Asked = Object.fromEntries(names.map((name) => [name, '']));

/* Words that the list does not offer are not asked for: an old or mistyped address shows more, not an error. */
function read(params: URLSearchParams): Asked {
  const asked: Asked = {};
  for (const name of names) {
    const value = publicPart(params.get(name) ?? '').trim();
    if (value !== '' && (allowed[name]?.includes(value) ?? true)) asked[name] = value;
  }
  return asked;
}

export function toApi({ unused, due, ending, ...same }: Asked): KeyFilter {
  return {
    ...same,
    ...(unused && { usedBefore: unused === 'ever' ? NEVER : unused }),
    ...(due && { dueBefore: due }),
    ...(ending && { expiresBefore: ending }),
  } as KeyFilter;
}

/** What is asked for, and how to ask for something else: '' takes a filter away. */
export function useAsked(): [Asked, (change: Asked) => void] {
  const [params, setParams] = useSearchParams();
  const ask = (change: Asked) =>
    setParams((before) => {
      const next = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...read(before), ...change })) if (publicPart(value)) next.set(name, publicPart(value));
      return next;
    }, { replace: true });
  return [read(params), ask];
}
