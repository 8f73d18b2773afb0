// asked.ts - of what the usage is shown: it stands in the address. Without a word of it, everything of the last day.
import type { UsageFilter } from '../api/usage';
import { useInAddress, type Asked } from '../parts/in_address';

export const ranges = [
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: '90d', label: '90 days' },
];

const allowed = { range: ranges.slice(1).map(({ value }) => value), environment: ['sandbox', 'production'], account: 'any', key: 'any' } as const;

export type UsageAsked = Asked<keyof typeof allowed>;

export function useAsked() {
  return useInAddress<keyof typeof allowed>(allowed);
}

export function toApi({ range = '24h', ...same }: UsageAsked): UsageFilter {
  return { ...same, from: range } as UsageFilter;
}

/** The address of the page that shows this. */
export function usageHref(asked: UsageAsked): string {
  const said = Object.entries<string | undefined>(asked).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '24h');
  return said.length === 0 ? '/usage' : `/usage?${new URLSearchParams(said)}`;
}

/** A key is known by its id alone: of "mk_test_<id>", and of a whole key that was pasted, that is left. */
export function idOf(typed: string): string {
  return typed.trim().replace(/^[a-z0-9]+_[a-z]+_([0-9A-Za-z]{14}).*$/, '$1');
}
