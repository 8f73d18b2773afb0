// done.tsx - what an alert did to its key, and giving it back with one press.
import { Alert as Notice, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAlertDeed, type AlertWhole } from '../api/alerts';
import { fieldOf, Refusal, told } from '../api/problem';
import { useMay } from '../api/session';
import { Dialog } from '../parts/dialog';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { deedSentence } from './words';

/* As giving it by hand: production keys have a scope of their own. */
function useMayUndo({ action, deed, environment }: AlertWhole): boolean {
  const mayWrite = useMay('keys:write');
  const mayProduction = useMay('keys:production');
  return action !== 'notify' && deed === 'done' && mayWrite && (mayProduction || environment === 'sandbox');
}

export function Done({ of: alert }: { of: AlertWhole }) {
  const [isAsking, setAsking] = useState(false);
  const may = useMayUndo(alert);
  return (
    <Section title="What was done">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{deedSentence(alert)}</Text>
        {may && <Button variant="default" onClick={() => setAsking(true)}>Undo</Button>}
        {isAsking && <Undo of={alert} onClose={() => setAsking(false)} />}
      </Stack>
    </Section>
  );
}

function Undo({ of: alert, onClose }: { of: AlertWhole; onClose: () => void }) {
  const [comment, setComment] = useState('');
  const undo = useAlertDeed(alert.id);
  const wrong = fieldOf(undo.error) === 'comment';
  const run = () => undo.mutate({ deed: 'undo', comment: comment.trim() }, { onSuccess: () => { onClose(); setTimeout(toHeading); } });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Undo what was done</Text>} size="md">
      <form onSubmit={(event) => { event.preventDefault(); run(); }}>
        <Stack>
          <Text>{alert.action === 'disable' ? 'The key is enabled again: whoever has it gets in at once, with the permissions that it has.' : 'The key gets its permissions back: whoever has it may move money and change settings again at once, as far as they go.'}</Text>
          <TextInput label="Comment" description="Stands in the history; may be empty" maxLength={1000} value={comment} onChange={(e) => setComment(e.currentTarget.value)} autoComplete="off" error={wrong ? told(undo.error) : undefined} />
          <NotUndone error={wrong ? null : undo.error} keyId={alert.keyId} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={undo.isPending} data-autofocus>Undo</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/* The button that the focus would go back to is not offered any more. */
function toHeading() {
  document.querySelector<HTMLElement>('h1')?.focus();
}

/** 409 is no failure: somebody has decided otherwise meanwhile. */
function NotUndone({ error, keyId }: { error: unknown; keyId: string | null }) {
  if (error === null) return null;
  if (!(error instanceof Refusal) || error.status !== 409) return <Failed error={error} />;
  return (
    <Notice color="ochre" variant="light" title="Not undone" role="alert">
      {told(error)}.{keyId !== null && <> <Anchor component={Link} href={`/keys/${keyId}`} inherit underline="always">To the key</Anchor></>}
    </Notice>
  );
}
