// installation.ts - what this installation is called, and where its gateways are.
import { queryOptions } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Installation = components['schemas']['Installation'];

/** It changes with keyward.yaml alone: asked for once. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => taken(api.GET('/v1/installation')),
  staleTime: Infinity,
});
