// change.tsx - changes a key: only what was touched is sent, and only upon what was read.
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { isUnsaved, keyQuery, useChangeKey, type Key } from '../api/keys';
import { fieldOf, Refusal, told } from '../api/problem';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';
import { PermissionChoice } from './choices';
import { changed, inWords, rebased, termsOf, type Terms } from './terms';
import { TermsFields } from './terms_fields';

type Props = { of: Key; onClose: () => void };

const shown = ['name', 'permissions', 'expires', 'allowIp', 'rate', 'quota', 'rotationDays', 'onOverdue'];

/* `read` is what the change is made upon. When somebody was faster, it is read anew, and what was typed stays. */
function useChange(key: Key, onDone: () => void) {
  const [read, setRead] = useState(key);
  const [terms, setTerms] = useState<Terms>(() => termsOf(key));
  const [isOvertaken, setOvertaken] = useState(false);
  const queries = useQueryClient();
  const change = useChangeKey();
  const catchUp = async (thrown: unknown) => {
    if (!(thrown instanceof Refusal && thrown.status === 412)) return;
    const now = await queries.fetchQuery({ ...keyQuery(key.id), staleTime: 0 });
    setTerms((typed) => rebased(termsOf(read), typed, termsOf(now)));
    setRead(now);
    setOvertaken(true);
  };
  const touched = changed(termsOf(read), terms);
  const send = () => change.mutate({ read, change: touched }, { onSuccess: onDone, onError: (thrown) => void catchUp(thrown) });
  return { read, terms, set: (to: Partial<Terms>) => setTerms({ ...terms, ...to }), isOvertaken, isTouched: Object.keys(touched).length > 0, change, send };
}

export function ChangeKey({ of: key, onClose }: Props) {
  const { read, terms, set, isOvertaken, isTouched, change, send } = useChange(key, onClose);
  const field = fieldOf(change.error);
  const errorOf = (name: string) => (field === name ? told(change.error) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isTouched) send();
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Change this key</Text>} size={680} closeOnClickOutside={!isTouched}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <TextInput label="Name" required maxLength={100} value={terms.name} onChange={(e) => set({ name: e.currentTarget.value })} error={errorOf('name')} autoComplete="off" data-autofocus />
          <PermissionChoice value={terms.permissions} onChange={(permissions) => set({ permissions })} error={errorOf('permissions')} />
          <TermsFields terms={terms} set={set} errorOf={errorOf} />
          {isOvertaken && <Overtaken now={read} />}
          <Trouble error={change.error} isNamed={field !== undefined && shown.includes(field)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={!isTouched} loading={change.isPending}>Change key</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Overtaken({ now }: { now: Key }) {
  return (
    <Alert color="ochre" variant="light" title="Somebody changed this key meanwhile" role="alert">
      <Stack gap="xs">
        <Text>What you typed is still here; everything else is as it is now. Nothing has been overwritten: look it over, then change the key again.</Text>
        <Text size="sm">Now: <b>{now.name}</b>, {now.permissions.join(', ')}. {inWords(termsOf(now))}.</Text>
      </Stack>
    </Alert>
  );
}

/* 412 is told of above, in other words; a field tells its own. */
function Trouble({ error, isNamed }: { error: unknown; isNamed: boolean }) {
  if (error === null || isNamed || (error instanceof Refusal && error.status === 412)) return null;
  if (isUnsaved(error)) return <Alert color="ochre" variant="light" title="In force, but not saved" role="alert">{told(error)}</Alert>;
  return <Failed error={error} />;
}
