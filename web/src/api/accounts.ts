// accounts.ts - the accounts: all of them for operators, one's own for everybody.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Account = components['schemas']['Account'];
export type AccountChange = components['schemas']['AccountChange'];
type NewAccount = components['schemas']['NewAccount'];

export const accountsQuery = infiniteQueryOptions({
  queryKey: ['accounts', 'list'],
  queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/accounts', { params: { query: { cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next ?? undefined,
});

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: ['accounts', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/accounts/{id}', { params: { path: { id } }, signal })),
  });
}

/* What comes back is the account as it is now; the lists are asked for again. */
function useTake() {
  const queries = useQueryClient();
  return (account: Account) => {
    queries.setQueryData(accountQuery(account.id).queryKey, account);
    void queries.invalidateQueries({ queryKey: ['accounts'], predicate: ({ queryKey }) => queryKey[1] !== 'one' });
  };
}

/** One key for the call: pressing twice makes one account. */
export function useMakeAccount(onMade: (account: Account) => void) {
  const take = useTake();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: NewAccount; idempotencyKey: string }) =>
      taken(api.POST('/v1/accounts', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } })),
    onSuccess: (account) => {
      take(account);
      onMade(account);
    },
  });
}

/** `version` is that which was looked at: who was slower is told. */
export function useChangeAccount(id: string) {
  const take = useTake();
  return useMutation({
    mutationFn: ({ version, body }: { version: number; body: AccountChange }) =>
      taken(api.PATCH('/v1/accounts/{id}', { params: { path: { id }, header: { 'If-Match': `"${version}"` } }, body })),
    onSuccess: take,
  });
}

export function useAccountDeed(id: string) {
  const take = useTake();
  return useMutation({
    mutationFn: (deed: 'suspend' | 'resume') => taken(api.POST(`/v1/accounts/{id}/${deed}`, { params: { path: { id } } })),
    onSuccess: take,
  });
}
