// events.ts - the record, read in pages that stay small however long it is.
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components, paths } from './contract';

export type RecordLine = components['schemas']['Event'];
export type Explained = components['schemas']['Explained'];
export type Verified = components['schemas']['Verified'];
type Asked = NonNullable<paths['/v1/events']['get']['parameters']['query']>;
export type Filter = Omit<Asked, 'cursor' | 'limit' | 'format'>;
export type RecordPage = { lines: RecordLine[]; next: string | null };

export const PAGE_LINES = 50;
const GIVE_WAY_MS = 1_500;

/** One answer of the API: it may be short, or empty, and still have a next. */
export async function readRecord(filter: Filter, page: { cursor?: string; limit: number }, signal?: AbortSignal): Promise<RecordPage> {
  const said = await taken(api.GET('/v1/events', { params: { query: { ...filter, ...page } }, signal }));
  const { events, next } = said as components['schemas']['EventPage'];
  return { lines: events, next };
}

/* Where few of many records match, answers are joined until there is something to show, or so much time has gone. */
async function readPage(filter: Filter, cursor: string | undefined, signal: AbortSignal): Promise<RecordPage> {
  const began = performance.now();
  const page: RecordPage = { lines: [], next: cursor ?? null };
  do {
    const said = await readRecord(filter, { limit: PAGE_LINES, cursor: page.next ?? undefined }, signal);
    page.lines.push(...said.lines);
    page.next = said.next;
  } while (page.next !== null && page.lines.length < PAGE_LINES && performance.now() - began < GIVE_WAY_MS);
  return page;
}

/** The list of one search. It is asked for when it is come to, and stays as it is while it is looked at. */
export function recordQuery(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ['events', 'list', filter],
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: RecordPage) => last.next ?? undefined,
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

/** The newest few of a search, for a place that shows no more than those. */
export function newestQuery(filter: Filter, limit: number) {
  return queryOptions({
    queryKey: ['events', 'newest', filter, limit],
    queryFn: ({ signal }) => readRecord(filter, { limit }, signal),
  });
}

export function explainQuery(id: string) {
  return queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/events/{id}', { params: { path: { id } }, signal })),
    staleTime: Infinity,
  });
}

/** Whether the newest days of the record hold. It is work for the server, so it is asked for by a button only. */
export function useVerify() {
  return useMutation({
    mutationFn: (days: number) => taken(api.GET('/v1/audit/verify', { params: { query: { days } } })),
  });
}

/** One page as lines of JSON, and where the next one begins. */
export async function readLines(filter: Filter, cursor: string | undefined, signal: AbortSignal): Promise<{ text: string; count: number; next: string | null }> {
  const query = { ...filter, cursor, limit: 1000, format: 'ndjson' as const };
  const all = (await taken(api.GET('/v1/events', { params: { query }, parseAs: 'text', signal }))) as unknown as string;
  const end = all.lastIndexOf('\n', all.length - 2) + 1;
  const last = JSON.parse(all.slice(end)) as { kind: string; next: string | null };
  if (last.kind !== 'end') throw new Error('The answer broke off before its end. Export again');
  const text = all.slice(0, end);
  return { text, count: text.split('\n').length - 1, next: last.next };
}
