// usage.ts - how much was asked, allowed and denied: of all that may be seen, of an account, of a key.
import { queryOptions } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components, paths } from './contract';

export type Usage = components['schemas']['Usage'];
export type UsageFilter = NonNullable<paths['/v1/usage']['get']['parameters']['query']>;

const AGAIN_MS = 30_000;

/** It is asked for again by itself while the page is looked at. */
export function usageQuery(filter: UsageFilter) {
  return queryOptions({
    queryKey: ['usage', filter],
    queryFn: ({ signal }) => taken(api.GET('/v1/usage', { params: { query: filter }, signal })),
    refetchInterval: AGAIN_MS,
  });
}
