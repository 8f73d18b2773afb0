// accept.tsx - the page of a one-time link: the first owner, an invitation, a new password. Its text stands behind #, which
// browsers keep to themselves.
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { api, taken } from '../api/client';
import type { components } from '../api/contract';
import { fieldOf, Refusal, told } from '../api/problem';
import { enter, type HalfLogin, type Session } from '../api/session';
import { Coming, Failed } from '../parts/states';
import { passwordHint, roleName } from '../parts/words';
import { Door } from './door';
import { CodeStep } from './steps';

type Opened = components['schemas']['LinkOpened'];

const titles: Record<Opened['kind'], string> = { setup: 'Welcome to Keyward', invitation: 'You are invited', reset: 'Set a new password' };

/* Taken out of the address bar at once, so that it is neither bookmarked nor photographed. */
function takeLink(): string {
  const link = window.location.hash.slice(1);
  if (link !== '') window.history.replaceState(null, '', window.location.pathname);
  return link;
}

/** The link of this visit; pasting another one into the same tab counts as a new visit. */
function useLink(): string {
  const [link, setLink] = useState(takeLink);
  useEffect(() => {
    const onHash = () => window.location.hash !== '' && setLink(takeLink());
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  return link;
}

export function AcceptPage() {
  const link = useLink();
  const [half, setHalf] = useState<HalfLogin | null>(null);
  const queries = useQueryClient();
  const [, go] = useLocation();
  const opened = useQuery({ queryKey: ['link', link], queryFn: () => taken(api.POST('/v1/links/open', { body: { link } })), enabled: link !== '', retry: false, staleTime: Infinity });
  const done = (session: Session) => {
    enter(queries, session);
    go('/', { replace: true });
  };

  if (half !== null)
    return (
      <Door title="Your second factor" lead="The new password is set.">
        <CodeStep half={half} onDone={done} onBack={() => go('/', { replace: true })} />
      </Door>
    );
  if (link === '') return <Door title="This link is not complete" lead="Open it as it was sent, with everything behind the #, or ask for a new one."><Ways /></Door>;
  if (opened.error !== null) return <Dead error={opened.error} retry={() => void opened.refetch()} />;
  if (opened.data === undefined) return <Door title="One moment"><Coming rows={3} /></Door>;
  return (
    <Door title={titles[opened.data.kind]} lead={<Lead opened={opened.data} />}>
      <AcceptForm link={link} opened={opened.data} onSaid={(said) => ('next' in said ? setHalf(said) : done(said))} />
    </Door>
  );
}

/* A link that is dead stays so; only what was not answered is worth another try. */
function Dead({ error, retry }: { error: unknown; retry: () => void }) {
  const isFinal = error instanceof Refusal && error.status < 500;
  return (
    <Door title={isFinal ? 'This link does not work' : 'The link could not be looked at'}>
      <Stack>
        <Failed error={error} retry={isFinal ? undefined : retry} />
        <Ways />
      </Stack>
    </Door>
  );
}

function Ways() {
  return (
    <Text size="sm">
      <Anchor component={Link} href="/">Sign in</Anchor>
      {' · '}
      <Anchor component={Link} href="/forgot">Ask for a new password</Anchor>
    </Text>
  );
}

function Lead({ opened }: { opened: Opened }) {
  if (opened.kind === 'setup') return <>You are the first owner of this installation. Say who you are, and choose a password.</>;
  if (opened.kind === 'reset') return <>All your sessions end, and this one begins.</>;
  return (
    <>
      {opened.email} joins <b>{opened.account}</b> as {roleName(opened.role)}.
    </>
  );
}

function AcceptForm({ link, opened, onSaid }: { link: string; opened: Opened; onSaid: (said: Session | HalfLogin) => void }) {
  const [email, setEmail] = useState(opened.email);
  const [name, setName] = useState(opened.name);
  const [password, setPassword] = useState('');
  const isSetup = opened.kind === 'setup';
  const isNew = opened.kind !== 'reset';
  const accept = useMutation({
    mutationFn: () => taken(api.POST('/v1/links/accept', { body: { link, password, ...(isNew && name.trim() !== '' ? { name: name.trim() } : {}), ...(isSetup ? { email: email.trim() } : {}) } })),
    onSuccess: onSaid,
  });
  const field = fieldOf(accept.error);
  const wrong = (name: string) => (field === name ? told(accept.error) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {isSetup && <TextInput label="E-mail" type="email" autoComplete="username" required autoFocus value={email} onChange={(e) => setEmail(e.currentTarget.value)} error={wrong('email')} />}
        {!isSetup && <TextInput label="E-mail" type="email" name="email" autoComplete="username" readOnly variant="filled" value={opened.email} />}
        {isNew && <TextInput label="Name" description="As others see you" autoComplete="name" value={name} onChange={(e) => setName(e.currentTarget.value)} error={wrong('name')} />}
        <PasswordInput label="Password" description={passwordHint(opened.totp)} autoComplete="new-password" required autoFocus={!isSetup} value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={wrong('password')} />
        {accept.error !== null && wrong('email') === undefined && wrong('name') === undefined && wrong('password') === undefined && <Failed error={accept.error} />}
        <Button type="submit" loading={accept.isPending}>{isNew ? 'Set the password and go in' : 'Set the password'}</Button>
        <Text size="sm" c="dimmed">The link works once.</Text>
      </Stack>
    </form>
  );
}
