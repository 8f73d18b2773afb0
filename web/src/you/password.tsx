// password.tsx - another password for oneself.
import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { changePassword, sessionsQuery } from '../api/me';
import { fieldOf, Refusal, told } from '../api/problem';
import { enter, useSession } from '../api/session';
import { Failed } from '../parts/states';
import { passwordHint } from '../parts/words';

export function Password() {
  const queries = useQueryClient();
  const { email, totp } = useSession().member;
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: async () => enter(queries, await changePassword(current, next)),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: (thrown) => { if (thrown instanceof Refusal && placeOf(thrown) !== 'newPassword') setCurrent(''); },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const place = placeOf(change.error);
  const wrong = (field: string) => (place === field ? told(change.error) : undefined);
  return (
    <form onSubmit={submit}>
      <Stack maw={420}>
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput label="Current password" autoComplete="current-password" required value={current} onChange={(e) => setCurrent(e.currentTarget.value)} error={wrong('currentPassword')} />
        <PasswordInput label="New password" description={`${passwordHint(totp)}. All your other sessions end`} autoComplete="new-password" required value={next} onChange={(e) => setNext(e.currentTarget.value)} error={wrong('newPassword')} />
        {change.error !== null && place === undefined && <Failed error={change.error} />}
        <div><Button type="submit" loading={change.isPending}>Change password</Button></div>
        <Text size="sm" role="status">{change.isSuccess && current === '' && next === '' ? 'The password is changed. Your other sessions have ended.' : ''}</Text>
      </Stack>
    </form>
  );
}

/* Beside which field a refusal belongs; neither: it is about the whole. */
function placeOf(thrown: unknown): string | undefined {
  const field = fieldOf(thrown);
  return field === 'currentPassword' || field === 'newPassword' ? field : undefined;
}
