// webhooks.ts - webhooks: listed, made, changed, tried, and what became of what was sent.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Webhook = components['schemas']['Webhook'];
export type NewWebhook = components['schemas']['NewWebhook'];
export type CreatedWebhook = components['schemas']['CreatedWebhook'];
export type WebhookChange = components['schemas']['WebhookChange'];
export type WebhookEvent = components['schemas']['WebhookEvent'];
export type Delivery = components['schemas']['WebhookDelivery'];

const PAGE = 50;
const DELIVERIES = 20;
const AGAIN_MS = 15_000;
const SOON_MS = 2_000;

/** The newest first, page by page; of one account, or of all that one may see. */
export function webhooksQuery(account?: string) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', 'list', account],
    queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/webhooks', { params: { query: { account, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/webhooks/{id}', { params: { path: { id } }, signal })),
    refetchInterval: AGAIN_MS,
  });
}

/** What there is to be told of; another version of the program may have more. */
export const webhookEventsQuery = queryOptions({
  queryKey: ['webhook-events'],
  queryFn: async ({ signal }) => (await taken(api.GET('/v1/webhook-events', { signal }))).events,
  staleTime: Infinity,
});

/* One that is about to be sent is looked after; one that waits for its next try has time. */
function isOnItsWay({ state, nextAt }: Delivery): boolean {
  return state === 'pending' && (nextAt === null || Date.parse(nextAt) < Date.now() + SOON_MS);
}

export function deliveriesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', id],
    queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: DELIVERIES, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state: { data } }) => (data?.pages.some((page) => page.deliveries.some(isOnItsWay)) ? SOON_MS : AGAIN_MS),
  });
}

/* What comes back is the webhook as it is now, without its secret; the lists are asked for again. */
function take(queries: QueryClient, webhook: Webhook | CreatedWebhook) {
  const { secret, ...kept } = webhook as CreatedWebhook;
  queries.setQueryData(webhookQuery(kept.id).queryKey, kept);
  void queries.invalidateQueries({ queryKey: ['webhooks'], predicate: ({ queryKey }) => queryKey[1] !== 'one' });
}

type Making = { body: NewWebhook; idempotencyKey: string };

/** What was made goes to `onMade` alone: no cache ever holds a secret. */
export function useMakeWebhook(onMade: (webhook: CreatedWebhook) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, idempotencyKey }: Making) => {
      const made = await taken(api.POST('/v1/webhooks', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } }));
      onMade(made);
      take(queries, made);
    },
  });
}

/** As useMakeWebhook. */
export function useRotateWebhook(id: string, onMade: (webhook: CreatedWebhook) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (idempotencyKey: string) => {
      const made = await taken(api.POST('/v1/webhooks/{id}/rotate-secret', { params: { path: { id }, header: { 'Idempotency-Key': idempotencyKey } } }));
      onMade(made);
      take(queries, made);
    },
  });
}

/** `version` is that which was looked at: who was slower is told, and shown what there is. */
export function useChangeWebhook(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, body }: { version: number; body: WebhookChange }) =>
      taken(api.PATCH('/v1/webhooks/{id}', { params: { path: { id }, header: { 'If-Match': `"${version}"` } }, body })),
    onSuccess: (webhook) => take(queries, webhook),
    onError: () => void queries.invalidateQueries({ queryKey: webhookQuery(id).queryKey }),
  });
}

export function useRemoveWebhook(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => taken(api.DELETE('/v1/webhooks/{id}', { params: { path: { id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['webhooks', 'list'] }),
  });
}

/* What is on its way is among the deliveries, and counted on the webhook. */
function useSending<What>(id: string, mutationFn: (what: What) => Promise<{ event: string }>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['webhooks'], predicate: ({ queryKey }) => queryKey[2] === id }),
  });
}

export function useTestWebhook(id: string) {
  return useSending(id, () => taken(api.POST('/v1/webhooks/{id}/test', { params: { path: { id } } })));
}

export function useRedeliver(id: string) {
  return useSending(id, (event: string) => taken(api.POST('/v1/webhooks/{id}/redeliver', { params: { path: { id } }, body: { event } })));
}
