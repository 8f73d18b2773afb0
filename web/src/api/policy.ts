// policy.ts - the route policy in force, its versions, and what one of them says to a request or to all of the record.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type PolicyInForce = components['schemas']['PolicyInForce'];
export type Trial = components['schemas']['Trial'];
export type Verdict = components['schemas']['Verdict'];

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => taken(api.GET('/v1/policy', { signal })),
  staleTime: 30_000,
});

export function useTrial() {
  return useMutation({ mutationFn: (body: Trial) => taken(api.POST('/v1/policy/test', { body })) });
}

export type PolicyVersion = components['schemas']['PolicyVersion'];
export type PolicyDiff = components['schemas']['PolicyDiff'];
export type DryRun = components['schemas']['DryRun'];
export type Lists = components['schemas']['Policy'];

/** The versions, newest first, page by page. */
export const versionsQuery = infiniteQueryOptions({
  queryKey: ['policy', 'versions'],
  queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/policies', { params: { query: { cursor: pageParam, limit: 10 } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next ?? undefined,
});

/** What a version changed; 0 is no policy. */
export function changesQuery(from: number, to: number) {
  return queryOptions({
    queryKey: ['policy', 'diff', from, to],
    queryFn: ({ signal }) => taken(api.POST('/v1/policy/diff', { body: { from, to }, signal })),
    staleTime: Infinity,
  });
}

export type Tried = { lists: Lists; changes: PolicyDiff['changes']; found: DryRun | null };

/** What a policy would change, and whom it would have refused since `from`; that only for who may see the record. */
export function useTryOut(mayLook: boolean) {
  return useMutation({
    mutationFn: async ({ lists, from }: { lists: Lists; from: string }): Promise<Tried> => {
      const { changes } = await taken(api.POST('/v1/policy/diff', { body: { policy: lists } }));
      return { lists, changes, found: mayLook ? await taken(api.POST('/v1/policy/dry-run', { body: { policy: lists, from } })) : null };
    },
  });
}

/** The whole policy becomes this one: lists, or an older version by its number. */
export function useApply() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (next: Lists | number) => {
      const body = typeof next === 'number' ? (await taken(api.GET('/v1/policies/{id}', { params: { path: { id: String(next) } } }))).policy : next;
      return taken(api.PUT('/v1/policy', { body }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['policy'] }),
  });
}
