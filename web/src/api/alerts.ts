// alerts.ts - what the watch has found: listed, read, taken on, and what it did to a key undone.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components, paths } from './contract';

export type Alert = components['schemas']['Alert'];
export type AlertWhole = components['schemas']['AlertWhole'];
export type AlertHistory = components['schemas']['AlertHistory'];
export type AlertState = components['schemas']['AlertState'];
export type Severity = components['schemas']['Severity'];
type Query = NonNullable<paths['/v1/alerts']['get']['parameters']['query']>;
export type AlertFilter = Omit<Query, 'cursor' | 'limit'>;
export type AlertDeed = 'acknowledge' | 'resolve' | 'comment' | 'undo';

const PAGE = 50;
const AGAIN_MS = 15_000;
const COUNT_AGAIN_MS = 30_000;

/** More than so many open ones are not counted. */
export const COUNTED_MOST = 99;

/* The API gives way where many match little: it is asked again until there is something to show. */
async function readPage(filter: AlertFilter, from: string, signal: AbortSignal) {
  let page: components['schemas']['AlertPage'] = { alerts: [], next: from };
  do {
    const query: Query = { ...filter, limit: PAGE, ...(page.next ? { cursor: page.next } : {}) };
    page = await taken(api.GET('/v1/alerts', { params: { query }, signal }));
  } while (page.alerts.length === 0 && page.next !== null);
  return page;
}

/** The newest first, page by page. Asked for again by itself: they come at any time. */
export function alertsQuery(filter: AlertFilter) {
  return infiniteQueryOptions({
    queryKey: ['alerts', 'list', filter],
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: AGAIN_MS,
  });
}

/** The open ones, the newest first, one more than are counted; `account` is undefined for all that may be seen. */
export function openAlertsQuery(account?: string) {
  return queryOptions({
    queryKey: ['alerts', 'open', account],
    queryFn: async ({ signal }) => (await taken(api.GET('/v1/alerts', { params: { query: { state: 'open', account, limit: COUNTED_MOST + 1 } }, signal }))).alerts,
    refetchInterval: COUNT_AGAIN_MS,
  });
}

/** The newest few about a key, in whatever state. */
export function alertsOfKeyQuery(key: string, limit: number) {
  return queryOptions({
    queryKey: ['alerts', 'key', key, limit],
    queryFn: async ({ signal }) => (await taken(api.GET('/v1/alerts', { params: { query: { key, limit } }, signal }))).alerts,
    refetchInterval: COUNT_AGAIN_MS,
  });
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/alerts/{id}', { params: { path: { id } }, signal })),
    refetchInterval: AGAIN_MS,
  });
}

/* What comes back is the alert as it is now; the lists are asked for again. */
function useTake() {
  const queries = useQueryClient();
  return (alert: AlertWhole) => {
    queries.setQueryData(alertQuery(alert.id).queryKey, alert);
    void queries.invalidateQueries({ queryKey: ['alerts'], predicate: ({ queryKey }) => queryKey[1] !== 'one' });
  };
}

type Taking = { deed: AlertDeed; comment: string };

function send(id: string, { deed, comment }: Taking) {
  const params = { path: { id } };
  if (deed === 'comment') return taken(api.POST('/v1/alerts/{id}/comment', { params, body: { comment } }));
  return taken(api.POST(`/v1/alerts/{id}/${deed}`, { params, body: comment === '' ? {} : { comment } }));
}

/** A refusal often means that somebody else was faster: the alert, and after an undo its key, is read again whatever came of it. */
export function useAlertDeed(id: string) {
  const queries = useQueryClient();
  const take = useTake();
  return useMutation({
    mutationFn: (taking: Taking) => send(id, taking),
    onSuccess: take,
    onError: () => void queries.invalidateQueries({ queryKey: alertQuery(id).queryKey }),
    onSettled: (_alert, _error, { deed }) => void (deed === 'undo' && queries.invalidateQueries({ queryKey: ['keys'] })),
  });
}

/** One to see whether alerts arrive. */
export function useTestAlert() {
  const take = useTake();
  return useMutation({ mutationFn: () => taken(api.POST('/v1/alerts/test')), onSuccess: take });
}
