// overview.ts - the numbers of the overview: what there is, and what wants looking after.
import { queryOptions } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Outline = components['schemas']['Overview'];
export type KeysByState = components['schemas']['KeysByState'];

const AGAIN_MS = 30_000;

/** `account` is undefined for all that may be seen. It is asked for again by itself while the page is looked at. */
export function outlineQuery(account?: string) {
  return queryOptions({
    queryKey: ['keys', 'overview', account],
    queryFn: ({ signal }) => taken(api.GET('/v1/overview', { params: { query: { account } }, signal })),
    refetchInterval: AGAIN_MS,
  });
}
