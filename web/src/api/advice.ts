// advice.ts - what a key could do without, by what it did; and taking it away.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';
import { keyQuery, type Key } from './keys';

export type AdviceItem = components['schemas']['AdviceItem'];
export type AdviceKind = components['schemas']['AdviceKind'];

export function adviceQuery(id: string) {
  return queryOptions({
    queryKey: ['advice', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/keys/{id}/advice', { params: { path: { id } }, signal })),
  });
}

/** To the very version that is shown. Whatever came of it, key and advice are read again. */
export function useApplyAdvice(key: Key) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (kind: AdviceKind) =>
      taken<Key>(api.POST('/v1/keys/{id}/advice/apply', { body: { kinds: [kind] }, params: { path: { id: key.id }, header: { 'If-Match': `"${key.version}"` } } })),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keyQuery(key.id).queryKey });
      void queries.invalidateQueries({ queryKey: adviceQuery(key.id).queryKey });
      void queries.invalidateQueries({ queryKey: ['keys', 'list'] });
    },
  });
}
