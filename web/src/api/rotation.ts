// rotation.ts - from one secret of a key to the next: begun, ended, and who has not followed yet.
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';
import { keyQuery, type Key } from './keys';

export type Rotation = components['schemas']['Rotation'];
export type RotatedKey = components['schemas']['RotatedKey'];

/** Where it stands; asked for again and again while both secrets work. */
export function rotationQuery(id: string) {
  return queryOptions({
    queryKey: ['rotation', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/keys/{id}/rotation', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.isOpen === true ? 15_000 : false),
  });
}

function readAgain(queries: QueryClient, id: string) {
  void queries.invalidateQueries({ queryKey: keyQuery(id).queryKey });
  void queries.invalidateQueries({ queryKey: rotationQuery(id).queryKey });
  void queries.invalidateQueries({ queryKey: ['keys', 'list'] });
  void queries.invalidateQueries({ queryKey: ['keys', 'overview'] });
}

type Rotating = { overlap: string; idempotencyKey: string };

/** The key with its new secret goes to `onRotated` alone: no cache ever holds a secret. */
export function useRotateKey(id: string, onRotated: (key: RotatedKey) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ overlap, idempotencyKey }: Rotating) => {
      onRotated(await taken(api.POST('/v1/keys/{id}/rotate', { body: { overlap }, params: { path: { id }, header: { 'Idempotency-Key': idempotencyKey } } })));
    },
    onSettled: () => readAgain(queries, id),
  });
}

export type RotationEnd = 'complete' | 'cancel';

const ends = {
  complete: (id: string) => api.POST('/v1/keys/{id}/rotation/complete', { params: { path: { id } } }),
  cancel: (id: string) => api.POST('/v1/keys/{id}/rotation/cancel', { params: { path: { id } } }),
};

/** Whatever came of it, the key is read again: what could not be saved may be in force. */
export function useEndRotation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (end: RotationEnd) => taken<Key>(ends[end](id)),
    onSettled: () => readAgain(queries, id),
  });
}
