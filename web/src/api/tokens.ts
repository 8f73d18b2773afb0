// tokens.ts - management tokens: found, made, revoked.
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Token = components['schemas']['ManagementToken'];
export type NewToken = components['schemas']['NewManagementToken'];
export type CreatedToken = components['schemas']['CreatedManagementToken'];

const PAGE = 100;

/** In the order in which they were made, page by page; of one account, or of all that one may see. */
export function tokensQuery(account: string) {
  return infiniteQueryOptions({
    queryKey: ['tokens', 'list', account],
    queryFn: ({ pageParam, signal }) =>
      taken(api.GET('/v1/management-tokens', { params: { query: { limit: PAGE, ...(account ? { account } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

type Making = { body: NewToken; idempotencyKey: string };

/** What was made goes to `onMade` alone: no cache ever holds a secret. */
export function useMakeToken(onMade: (token: CreatedToken) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, idempotencyKey }: Making) => {
      onMade(await taken(api.POST('/v1/management-tokens', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } })));
      void queries.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => taken(api.POST('/v1/management-tokens/{id}/revoke', { params: { path: { id } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
}
