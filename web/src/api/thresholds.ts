// thresholds.ts - what an account, or the installation, has chosen of the detectors.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Thresholds = components['schemas']['Thresholds'];
export type DetectorRule = components['schemas']['DetectorRule'];
export type Threshold = components['schemas']['Threshold'];
export type Chosen = components['schemas']['ThresholdsChange']['detectors'];

/** '' is the installation: what is found of no account. */
export function thresholdsQuery(account: string) {
  return queryOptions({
    queryKey: ['thresholds', account],
    queryFn: ({ signal }) => taken(account === '' ? api.GET('/v1/thresholds', { signal }) : api.GET('/v1/accounts/{id}/thresholds', { params: { path: { id: account } }, signal })),
  });
}

/** All of it is replaced. `version` is that which was looked at: who was slower is told. */
export function usePutThresholds(account: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, detectors }: { version: number; detectors: Chosen }) => {
      const header = { 'If-Match': `"${version}"` }, body = { detectors };
      return taken(account === '' ? api.PUT('/v1/thresholds', { params: { header }, body }) : api.PUT('/v1/accounts/{id}/thresholds', { params: { path: { id: account }, header }, body }));
    },
    onSuccess: (thresholds) => void queries.setQueryData(thresholdsQuery(account).queryKey, thresholds),
  });
}
