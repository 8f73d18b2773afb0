// session.ts - who is signed in, and what he may do.
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, taken, keepToken } from './client';
import type { components } from './contract';
import { Refusal } from './problem';

export type Session = components['schemas']['Session'];
export type HalfLogin = components['schemas']['HalfLogin'];

async function readSession(): Promise<Session | null> {
  try {
    const session = await taken(api.GET('/v1/session'));
    keepToken(session.csrfToken);
    return session;
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 401) return null;
    throw thrown;
  }
}

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 });

/** What every answer that holds a session means for the page: its token, its rights; and another person sees nothing of the one before. */
export function enter(queries: QueryClient, session: Session) {
  const before = queries.getQueryData(sessionQuery.queryKey);
  if (before && before.member.id !== session.member.id) forget(queries);
  keepToken(session.csrfToken);
  queries.setQueryData(sessionQuery.queryKey, session);
}

/** Nobody is in any more: what was read for him goes, and the door is shown. */
export function leave(queries: QueryClient) {
  queries.setQueryData(sessionQuery.queryKey, null);
  forget(queries);
}

/* All but who is in: the page watches that one, and would wait for ever for a query that was taken away. */
function forget(queries: QueryClient) {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
  queries.getMutationCache().clear();
}

/** The session of a page that is shown to nobody else. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('This page is for members');
  return data;
}

/** Whether who is signed in has a scope: what he may not do, he is not offered. */
export function useMay(scope: string): boolean {
  return useSession().scopes.includes(scope);
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => taken(api.DELETE('/v1/session')),
    onSettled: () => leave(queries),
  });
}
