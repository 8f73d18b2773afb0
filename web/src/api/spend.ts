// spend.ts - what a key may spend, what of it is used, and what was reserved lately.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type SpendRule = components['schemas']['SpendRule'];
export type SpendRules = components['schemas']['SpendRules'];
export type NewSpendRule = components['schemas']['NewSpendRule'];
export type Reservation = components['schemas']['Reservation'];

const PAGE = 10;

/** Backends spend while somebody looks on, so it is asked for again by itself. */
export function spendRulesQuery(key: string) {
  return queryOptions({
    queryKey: ['spend-rules', key],
    queryFn: ({ signal }) => taken(api.GET('/v1/keys/{id}/spend-rules', { params: { path: { id: key } }, signal })),
    refetchInterval: 30_000,
  });
}

/** Newest first. */
export function reservationsQuery(key: string) {
  return infiniteQueryOptions({
    queryKey: ['reservations', key],
    queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/spend', { params: { query: { key, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  });
}

/* What was read is sent back as it was, but for the one currency. */
function replaced({ rules }: SpendRules, currency: string, rule: NewSpendRule | null): NewSpendRule[] {
  const others: NewSpendRule[] = rules.filter((one) => one.currency !== currency).map(({ used: _used, ...rest }) => rest);
  return rule === null ? others : [...others, rule];
}

type Putting = { read: SpendRules; currency: string; rule: NewSpendRule | null };

/** Puts the rule of one currency, or, with null, takes it away: 412 when the rules are not those that were read any more. */
export function usePutSpendRule(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ read, currency, rule }: Putting) =>
      taken(api.PUT('/v1/keys/{id}/spend-rules', { body: { rules: replaced(read, currency, rule) }, params: { path: { id: key }, header: { 'If-Match': `"${read.version}"` } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: spendRulesQuery(key).queryKey }),
  });
}
