// freezes.ts - what is held back for a time: all that concerns who is signed in, and how it is frozen and thawed.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Freeze = components['schemas']['Freeze'];
export type Frozen = components['schemas']['Frozen'];

/** What is to be frozen or thawed; `name` is for people. */
export type Target = { what: 'key' | 'account'; id: string; name: string } | { what: 'environment'; id: 'sandbox' | 'production'; name: string } | { what: 'everything'; name: string };

/** Asked for again and again: somebody else may freeze, and it is to be seen on whatever page is open. */
export const freezesQuery = queryOptions({
  queryKey: ['freezes'],
  queryFn: ({ signal }) => taken(api.GET('/v1/freezes', { signal })),
  refetchInterval: 15_000,
});

type Freezing = { target: Target; frozen: Frozen; reason: string };

async function send({ target, frozen, reason }: Freezing): Promise<void> {
  const body = { frozen, ...(reason !== '' && { reason }) };
  if (target.what === 'everything') await taken(api.PUT('/v1/freeze', { body }));
  else if (target.what === 'environment') await taken(api.PUT('/v1/environments/{id}/freeze', { params: { path: { id: target.id } }, body }));
  else if (target.what === 'account') await taken(api.PUT('/v1/accounts/{id}/freeze', { params: { path: { id: target.id } }, body }));
  else await taken(api.PUT('/v1/keys/{id}/freeze', { params: { path: { id: target.id } }, body }));
}

/** Whatever came of it, all is read again: what could not be saved may be in force. */
export function useFreeze() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => Promise.all(['freezes', 'keys', 'accounts'].map((first) => queries.invalidateQueries({ queryKey: [first] }))),
  });
}
