// me.ts - one's own password, second factor and sessions.
//
// What makes or shows a secret is a plain function here: its caller keeps what it needs, and no cache keeps any of it.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';
import type { Session } from './session';

export type OneSession = components['schemas']['OneSession'];
export type TotpOffer = components['schemas']['TotpOffer'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];

/** Goes on under another cookie; all other sessions are over. */
export function changePassword(currentPassword: string, newPassword: string): Promise<Session> {
  return taken(api.POST('/v1/me/password', { body: { currentPassword, newPassword } })) as Promise<Session>;
}

/** A secret for an app; nothing has changed before a code of it is shown. */
export function offerTotp(): Promise<TotpOffer> {
  return taken(api.POST('/v1/me/totp'));
}

export function confirmTotp(setup: string, code: string): Promise<RecoveryCodes> {
  return taken(api.POST('/v1/me/totp/confirm', { body: { setup, code } }));
}

/** Ten, in the place of all others. */
export function renewRecoveryCodes(): Promise<RecoveryCodes> {
  return taken(api.POST('/v1/me/recovery-codes'));
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await taken(api.GET('/v1/sessions', { signal }))).sessions,
});

/** One after the other: the first that does not end stops it. */
export function useEndSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await taken(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
