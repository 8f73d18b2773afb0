// access_tokens.ts - what a key was exchanged for: its live families of tokens, page by page, and their end.
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Family = components['schemas']['Family'];

const PAGE = 20;

/** In the order in which they were made; programs make and refresh them, so the list is asked for again by itself. */
export function familiesQuery(key: string) {
  return infiniteQueryOptions({
    queryKey: ['families', key],
    queryFn: ({ pageParam, signal }) =>
      taken(api.GET('/v1/keys/{id}/tokens', { params: { path: { id: key }, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  });
}

/* The API ends so many a call, and says whether there are more. */
async function endAll(key: string): Promise<void> {
  const { more } = await taken(api.POST('/v1/keys/{id}/tokens/end', { params: { path: { id: key } } }));
  if (more) await endAll(key);
}

/** Ends one family, or, with null, all of the key. It is done when the list has been read again, whatever came of it. */
export function useEndTokens(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (family: Family | null) => {
      if (family === null) return endAll(key);
      await taken(api.POST('/v1/tokens/{id}/end', { params: { path: { id: family.id } } }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: familiesQuery(key).queryKey }),
  });
}
