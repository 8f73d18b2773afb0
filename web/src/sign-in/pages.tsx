// pages.tsx - the pages before one is in: signing in, and asking for a new password.
import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, taken } from '../api/client';
import { enter } from '../api/session';
import { Failed } from '../parts/states';
import { Door } from './door';
import { SignInSteps } from './steps';

export function SignInPage() {
  const queries = useQueryClient();
  const foot = (
    <Text size="sm">
      <Anchor component={Link} href="/forgot">Forgot the password?</Anchor>
    </Text>
  );
  return (
    <Door title="Sign in">
      <SignInSteps onDone={(session) => enter(queries, session)} foot={foot} />
    </Door>
  );
}

/** Says the same whoever asks: whether somebody has that address is nobody's business. */
export function ForgotPage() {
  const [email, setEmail] = useState('');
  const reset = useMutation({ mutationFn: () => taken(api.POST('/v1/reset', { body: { email: email.trim() } })) });
  const back = (
    <Text size="sm">
      <Anchor component={Link} href="/">Back to signing in</Anchor>
    </Text>
  );
  if (reset.isSuccess)
    return (
      <Door title="Look into your mail" lead="If a member has this address, a link for a new password is on its way. It is good for an hour.">
        {back}
      </Door>
    );
  return (
    <Door title="A new password" lead="You are sent a link with which you set it.">
      <form onSubmit={(event) => { event.preventDefault(); reset.mutate(); }}>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="username" required autoFocus value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
          {reset.error !== null && <Failed error={reset.error} />}
          <Button type="submit" loading={reset.isPending}>Send the link</Button>
          {back}
        </Stack>
      </form>
    </Door>
  );
}
