// session.ts - who is signed in, and what he may do.
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
import { api, dropReads, keepToken, signingOut, taken } from './client';
import type { components } from './contract';
import { answer, ask, endsSession, openQuestion } from './gate';
import { Refusal } from './problem';
import { onWord, tellOthers } from './tabs';

export type Session = components['schemas']['Session'];
export type HalfLogin = components['schemas']['HalfLogin'];

const SESSION = ['session'] as const;

/** The session that the API knows at this moment; null: nobody is signed in. */
export async function currentSession(): Promise<Session | null> {
  try {
    return await taken(api.GET('/v1/session'));
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 401) return null;
    throw thrown;
  }
}

/* A session that has ended behind an open page is asked for again in front of it, so that nothing typed there is lost. */
async function readSession({ client }: { client: QueryClient }): Promise<Session | null> {
  const before = client.getQueryData<Session | null>(SESSION);
  let session = await currentSession();
  if (session === null && before) {
    await ask('sign_in');
    session = await currentSession();
  }
  if (session === null) return null;
  keepToken(session);
  if (before && before.member.id !== session.member.id) forget(client);
  return session;
}

/** Looked at again whenever somebody comes back to this tab. */
export const sessionQuery = queryOptions({ queryKey: SESSION, queryFn: readSession, staleTime: 60_000, refetchOnWindowFocus: 'always' });

/* Whoever comes next sees nothing of who was here before. */
function forget(queries: QueryClient) {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
}

function take(queries: QueryClient, session: Session) {
  const before = queries.getQueryData(sessionQuery.queryKey);
  keepToken(session);
  queries.setQueryData(sessionQuery.queryKey, session);
  if (before?.member.id !== session.member.id) forget(queries);
}

/** What every answer that holds a session means for the page: its token, its rights; and another person sees nothing of the one before. */
export function enter(queries: QueryClient, session: Session) {
  take(queries, session);
  tellOthers('changed');
}

/** Nobody is signed in here any more. */
export function leave(queries: QueryClient) {
  dropReads();
  answer(false);
  void queries.cancelQueries({ queryKey: SESSION });
  queries.setQueryData(sessionQuery.queryKey, null);
  forget(queries);
}

const Mine = createContext<Session | null>(null);

/** Hands a session down to the pages of who is in. They never see that it ended: then they are gone. */
export const SessionOf = Mine.Provider;

/** The session of a page that is shown to nobody else. */
export function useSession(): Session {
  const session = useContext(Mine);
  if (session === null) throw new Error('This page is for members');
  return session;
}

/** Whether who is signed in has a scope: what he may not do, he is not offered. */
export function useMay(scope: string): boolean {
  return useSession().scopes.includes(scope);
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => signingOut(() => taken(api.DELETE('/v1/session'))),
    onSuccess: () => {
      tellOthers('out');
      leave(queries);
    },
    onError: (thrown) => { if (thrown instanceof Refusal && thrown.status === 401) leave(queries); },
  });
}

/* What another tab did to the session happens here as well. */
async function follow(queries: QueryClient) {
  const before = queries.getQueryData(sessionQuery.queryKey);
  const session = await currentSession();
  if (session === null) return;
  take(queries, session);
  const open = openQuestion();
  if (open !== null && (endsSession(open) || before?.member.id !== session.member.id)) answer(before?.member.id === session.member.id);
}

/** Signing out, in, and proving oneself in another tab is noticed in this one. */
export function useOtherTabs() {
  const queries = useQueryClient();
  useEffect(
    () =>
      onWord((word) => {
        if (word === 'changed') return void follow(queries).catch(() => undefined);
        if (word === 'out') leave(queries);
      }),
    [queries],
  );
}
