// questions.tsx - the dialog in which a call that has to wait asks its person (api/gate.ts): the page behind it stays as it is.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { api, taken } from '../api/client';
import { answer, ask, openQuestion, subscribe, type Question } from '../api/gate';
import { Refusal } from '../api/problem';
import { enter, leave, useSession, type Session } from '../api/session';
import { Failed } from '../parts/states';
import { CodeField, SignInSteps } from '../sign-in/steps';

const titles: Record<Question, string> = {
  sign_in: 'Your session has ended',
  step_up_required: 'Is it still you?',
  sign_in_again: 'Is it still you?',
};
const leads: Record<Question, string> = {
  sign_in: 'Sign in again to go on. What you typed is still here.',
  step_up_required: 'This needs a fresh one-time password. It is good for five minutes.',
  sign_in_again: 'This needs your password again. It is good for five minutes.',
};

export function Questions() {
  const question = useSyncExternalStore(subscribe, openQuestion);
  const queries = useQueryClient();
  const session = useSession();
  if (question === null) return null;
  const done = (entered: Session) => {
    const isSame = entered.member.id === session.member.id;
    enter(queries, entered);
    answer(isSame);
  };
  const giveUp = () => {
    answer(false);
    if (question === 'sign_in') leave(queries);
  };
  return (
    <Modal opened onClose={giveUp} title={<Text fw={600}>{titles[question]}</Text>} closeOnClickOutside={false} size="sm">
      <Text c="dimmed" mb="md">{leads[question]}</Text>
      {question === 'step_up_required' ? <Proof onDone={done} onClose={giveUp} /> : <SignInSteps key={question} email={session.member.email} onDone={done} />}
      {question === 'sign_in' && <Button variant="subtle" fullWidth mt="sm" onClick={giveUp}>Leave instead</Button>}
    </Modal>
  );
}

function Proof({ onDone, onClose }: { onDone: (session: Session) => void; onClose: () => void }) {
  const [code, setCode] = useState('');
  const stepUp = useMutation({
    mutationFn: () => taken(api.POST('/v1/session/step-up', { body: { code: code.trim() } })),
    onSuccess: onDone,
    onError: (thrown) => {
      setCode('');
      if (thrown instanceof Refusal && thrown.code === 'unauthenticated') void ask('sign_in');
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
