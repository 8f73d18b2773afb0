// policy.ts - the route policy in force, and what it says to a request.
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type PolicyInForce = components['schemas']['PolicyInForce'];
export type Trial = components['schemas']['Trial'];
export type Verdict = components['schemas']['Verdict'];

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => taken(api.GET('/v1/policy', { signal })),
  staleTime: 30_000,
});

export function useTrial() {
  return useMutation({ mutationFn: (body: Trial) => taken(api.POST('/v1/policy/test', { body })) });
}
