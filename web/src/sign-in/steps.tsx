// steps.tsx - signing in: e-mail and password, then the one-time password of whoever has one.
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { api, taken } from '../api/client';
import type { HalfLogin, Session } from '../api/session';
import { Refusal } from '../api/problem';
import { Failed } from '../parts/states';

type Done = (session: Session) => void;

function submitting(send: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    send();
  };
}

/** `email` is given where it is known who has to sign in. */
export function SignInSteps({ onDone, email, foot }: { onDone: Done; email?: string; foot?: ReactNode }) {
  const [half, setHalf] = useState<HalfLogin | null>(null);
  const take = (said: Session | HalfLogin) => ('next' in said ? setHalf(said) : onDone(said));
  return half === null ? <PasswordStep onSaid={take} email={email} foot={foot} /> : <CodeStep half={half} onDone={onDone} onBack={() => setHalf(null)} />;
}

function PasswordStep({ onSaid, email, foot }: { onSaid: (said: Session | HalfLogin) => void; email?: string; foot?: ReactNode }) {
  const [typedEmail, setTypedEmail] = useState('');
  const [password, setPassword] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const signIn = useMutation({
    mutationFn: () => taken(api.POST('/v1/session', { body: { email: email ?? typedEmail.trim(), password } })),
    onSuccess: onSaid,
    onError: (thrown) => {
      if (thrown instanceof Refusal && thrown.status === 401) setPassword('');
      field.current?.focus();
    },
  });
  return (
    <form onSubmit={submitting(signIn.mutate)}>
      <Stack>
        {email === undefined ? (
          <TextInput label="E-mail" type="email" name="email" autoComplete="username" required value={typedEmail} onChange={(e) => setTypedEmail(e.currentTarget.value)} data-autofocus autoFocus />
        ) : (
          <TextInput label="E-mail" type="email" name="email" autoComplete="username" readOnly variant="filled" value={email} />
        )}
        <PasswordInput ref={field} label="Password" name="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.currentTarget.value)} data-autofocus={email !== undefined} />
        {signIn.error !== null && <Failed error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>Sign in</Button>
        {foot}
      </Stack>
    </form>
  );
}

/** Five codes for a log-in, five minutes: then it begins again with the password. */
export function CodeStep({ half, onDone, onBack }: { half: HalfLogin; onDone: Done; onBack?: () => void }) {
  const [code, setCode] = useState('');
  const [isPaper, setPaper] = useState(false);
  const [tries, setTries] = useState(0);
  const typed = code.replace(/\s/g, '');
  const body = { ticket: half.ticket, ...(isPaper ? { recoveryCode: typed } : { code: typed }) };
  const signIn = useMutation({
    mutationFn: () => taken(api.POST('/v1/session/totp', { body })),
    onSuccess: onDone,
    onError: () => {
      setCode('');
      setTries(tries + 1);
    },
  });
  return (
    <form onSubmit={submitting(signIn.mutate)}>
      <Stack>
        <CodeField key={`${isPaper} ${tries}`} /* a new one takes the focus */ isPaper={isPaper} value={code} onChange={setCode} />
        {signIn.error !== null && <Failed error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>Go on</Button>
        <Text size="sm">
          <Anchor component="button" type="button" onClick={() => { setPaper(!isPaper); setCode(''); signIn.reset(); }}>
            {isPaper ? 'Use the authenticator app' : 'Use a recovery code'}
          </Anchor>
          {onBack !== undefined && (
            <>
              {' · '}
              <Anchor component="button" type="button" onClick={onBack}>Back to the password</Anchor>
            </>
          )}
        </Text>
      </Stack>
    </form>
  );
}

/** The one field for a code, of the app or on paper. */
export function CodeField({ isPaper = false, value, onChange }: { isPaper?: boolean; value: string; onChange: (value: string) => void }) {
  const words = isPaper
    ? { label: 'Recovery code', description: 'One of those that were shown when you set the app up. Each works once.' }
    : { label: 'Code', description: 'The six digits that your authenticator app shows now.' };
  return (
    <TextInput
      {...words}
      required
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      autoComplete="one-time-code"
      inputMode={isPaper ? 'text' : 'numeric'}
      spellCheck={false}
      data-autofocus
      autoFocus
    />
  );
}
