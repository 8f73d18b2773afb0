// questions.tsx - the dialog in which a call that has to wait asks its person (api/gate.ts): the page behind it stays as it is.
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { api, taken } from '../api/client';
import { answer, ask, endsSession, openQuestion, subscribe, type Question } from '../api/gate';
import { currentSession, enter, leave, useSession, type Session } from '../api/session';
import { Dialog } from '../parts/dialog';
import { isHeld } from '../parts/hold';
import { Failed } from '../parts/states';
import { CodeField, SignInSteps } from '../sign-in/steps';

const titles: Record<Question, string> = {
  sign_in: 'Your session has ended',
  locked_out: 'Your session has ended',
  step_up_required: 'Is it still you?',
  sign_in_again: 'Is it still you?',
};
const leads: Record<Question, string> = {
  sign_in: 'Sign in again to go on. What you typed is still here.',
  locked_out: 'Five codes in a row did not hold. If that was you, sign in again to go on: what you typed is still here.',
  step_up_required: 'This needs a fresh one-time password. It is good for five minutes.',
  sign_in_again: 'This needs your password again. It is good for five minutes.',
};

/* What a session showed is not to be read any more once it has ended. */
const hiding = { backgroundOpacity: 0.9, blur: 12 };

export function Questions() {
  const question = useSyncExternalStore(subscribe, openQuestion);
  const queries = useQueryClient();
  const session = useSession();
  const [isWarned, setWarned] = useState(false);
  if (question === null) return null;
  const done = (entered: Session) => {
    const isSame = entered.member.id === session.member.id;
    setWarned(false);
    enter(queries, entered);
    answer(isSame);
  };
  const giveUp = () => {
    if (!endsSession(question)) answer(false);
    else if (isHeld() && !isWarned) setWarned(true);
    else leave(queries);
  };
  return (
    <Dialog onClose={giveUp} title={<Text fw={600}>{titles[question]}</Text>} closeOnClickOutside={false} size="sm" overlayProps={endsSession(question) ? hiding : undefined}>
      <Text c="dimmed" mb="md">{leads[question]}</Text>
      {question === 'step_up_required' && !session.member.totp && <NoPasswordYet />}
      {question === 'step_up_required' ? <Proof onDone={done} onClose={giveUp} /> : <SignInSteps key={question} email={session.member.email} onDone={done} />}
      {isWarned && <Alert color="ochre" mt="sm" title="What is shown once has not been copied" role="alert">It stands on the page behind this, and is there again once you have signed in. Whoever leaves now loses it.</Alert>}
      {endsSession(question) && <Button variant="subtle" fullWidth mt="sm" onClick={giveUp}>Leave instead</Button>}
    </Dialog>
  );
}

/* In another tab, so that what stands behind the dialog is not lost; the session is one for all tabs. */
function NoPasswordYet() {
  return (
    <Text mb="md">
      You have none yet. <Anchor href="/you" target="_blank" rel="noopener">Set it up in another tab</Anchor>, then come back and enter the next code here.
    </Text>
  );
}

/* The fifth wrong proof ends the session; the API's answer to it does not say so. */
async function askIfEnded() {
  const session = await currentSession().catch(() => undefined);
  if (session === null) void ask('locked_out');
}

function Proof({ onDone, onClose }: { onDone: (session: Session) => void; onClose: () => void }) {
  const [code, setCode] = useState('');
  const stepUp = useMutation({
    mutationFn: () => taken(api.POST('/v1/session/step-up', { body: { code: code.replace(/\s/g, '') } })),
    onSuccess: onDone,
    onError: () => {
      setCode('');
      void askIfEnded();
    },
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); stepUp.mutate(); }}>
      <Stack>
        <CodeField value={code} onChange={setCode} />
        {stepUp.error !== null && <Failed error={stepUp.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={stepUp.isPending}>Go on</Button>
        </Group>
      </Stack>
    </form>
  );
}
