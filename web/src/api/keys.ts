// keys.ts - the keys: found, read, made, changed, ended, and what was done with them.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components, paths } from './contract';
import { Refusal } from './problem';

export type Key = components['schemas']['Key'];
export type KeyState = components['schemas']['State'];
export type CreatedKey = components['schemas']['CreatedKey'];
export type NewKey = components['schemas']['NewKey'];
export type KeyChange = components['schemas']['KeyChange'];
export type Event = components['schemas']['Event'];
type Query = NonNullable<paths['/v1/keys']['get']['parameters']['query']>;
export type KeyFilter = Pick<Query, 'q' | 'account' | 'environment' | 'state' | 'permission' | 'usedBefore' | 'dueBefore' | 'expiresBefore'>;

const PAGE = 100;

/* The API may give few keys, or none, and say that there are more: it is asked again until a page is full. */
async function readPage(filter: KeyFilter, from: string, signal: AbortSignal) {
  const keys: Key[] = [];
  let cursor: string | null = from;
  do {
    const query: Query = { ...filter, order: 'newest', limit: PAGE, ...(cursor ? { cursor } : {}) };
    const page: components['schemas']['KeyPage'] = await taken(api.GET('/v1/keys', { params: { query }, signal }));
    keys.push(...page.keys);
    cursor = page.next;
  } while (cursor !== null && keys.length < PAGE / 2);
  return { keys, next: cursor };
}

/** Newest first, page by page. */
export function keysQuery(filter: KeyFilter) {
  return infiniteQueryOptions({
    queryKey: ['keys', 'list', filter],
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

export function keyQuery(id: string) {
  return queryOptions({
    queryKey: ['keys', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/keys/{id}', { params: { path: { id } }, signal })),
  });
}

type EventQuery = Omit<NonNullable<paths['/v1/events']['get']['parameters']['query']>, 'format'>;

async function readEvents(query: EventQuery, signal: AbortSignal): Promise<Event[]> {
  const page = await taken(api.GET('/v1/events', { params: { query }, signal }));
  return typeof page === 'string' ? [] : page.events;
}

/** The newest things that happened to a key, or were tried with it. */
export function keyEventsQuery(id: string, limit: number) {
  return queryOptions({
    queryKey: ['events', 'key', id, limit],
    queryFn: ({ signal }) => readEvents({ key: id, limit }, signal),
    refetchInterval: 15_000,
  });
}

/** Attempts with a key since `from`, asked for again and again while `isWatched`: the call is made elsewhere, so nobody has to be here. */
export function attemptsQuery(id: string, from: string, isWatched: boolean) {
  return queryOptions({
    queryKey: ['events', 'attempts', id, from],
    queryFn: ({ signal }) => readEvents({ key: id, from, kind: 'event', limit: 10 }, signal),
    refetchInterval: isWatched ? 1_500 : false,
    refetchIntervalInBackground: true,
    staleTime: 0,
    gcTime: 0,
  });
}

function keep(queries: QueryClient, key: Key) {
  queries.setQueryData(keyQuery(key.id).queryKey, key);
  void queries.invalidateQueries({ queryKey: ['keys', 'list'] });
  void queries.invalidateQueries({ queryKey: ['keys', 'overview'] });
}

type Making = { body: NewKey; idempotencyKey: string };

/** What was made goes to `onMade` alone: neither cache of TanStack Query ever holds a secret. */
export function useMakeKey(onMade: (made: CreatedKey) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, idempotencyKey }: Making) => {
      const { secret, ...key } = await taken(api.POST('/v1/keys', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } }));
      keep(queries, key);
      onMade({ ...key, secret });
    },
  });
}

type Changing = { read: Key; change: KeyChange };

/** A change of what was read: 412 when it is not what there is any more. */
export function useChangeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ read, change }: Changing) =>
      taken(api.PATCH('/v1/keys/{id}', { body: change, params: { path: { id: read.id }, header: { 'If-Match': `"${read.version}"` } } })),
    onSuccess: (key) => keep(queries, key),
  });
}

export type Deed = 'disable' | 'enable' | 'revoke';

const deeds = {
  disable: (id: string) => api.POST('/v1/keys/{id}/disable', { params: { path: { id } } }),
  enable: (id: string) => api.POST('/v1/keys/{id}/enable', { params: { path: { id } } }),
  revoke: (id: string) => api.POST('/v1/keys/{id}/revoke', { params: { path: { id } } }),
};

/** Whatever came of it, the key is read again: what could not be saved may be in force. */
export function useKeyDeed(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (deed: Deed) => taken<Key>(deeds[deed](id)),
    onSuccess: (key) => keep(queries, key),
    onError: () => void queries.invalidateQueries({ queryKey: keyQuery(id).queryKey }),
  });
}

type Body = components['schemas']['KeyFilter'];

/** How many that are neither revoked nor expired match, and the first of them. */
export function countKeys(filter: KeyFilter) {
  return taken(api.POST('/v1/keys/revoke', { body: { filter: filter as Body, dryRun: true } }));
}

/** Some of them, if as many match as are expected; how many are left. */
export function revokeSome(filter: KeyFilter, expect: number) {
  return taken(api.POST('/v1/keys/revoke', { body: { filter: filter as Body, expect } }));
}

/** In force, and not on the disk: the same call once more saves it. */
export function isUnsaved(thrown: unknown): boolean {
  return thrown instanceof Refusal && thrown.code === 'unsaved';
}

/** The ids of all accounts, for operators. */
export const accountIdsQuery = queryOptions({
  queryKey: ['accounts', 'ids'],
  queryFn: async ({ signal }) => (await taken(api.GET('/v1/accounts', { params: { query: { limit: 1000 } }, signal }))).accounts.map((a) => a.id),
  staleTime: 60_000,
});
