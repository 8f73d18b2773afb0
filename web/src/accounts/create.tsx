// create.tsx - a new account: its id is for ever, its name may change.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { useMakeAccount } from '../api/accounts';
import { newIdempotencyKey } from '../api/client';
import { fieldOf, told } from '../api/problem';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';

export function CreateAccount({ onClose }: { onClose: () => void }) {
  const [, goTo] = useLocation();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const make = useMakeAccount((account) => goTo(`/accounts/${account.id}`));
  const field = fieldOf(make.error);
  /* Another body is another call. */
  const typing = (set: (text: string) => void) => (event: { currentTarget: { value: string } }) => {
    set(event.currentTarget.value);
    setIdempotencyKey(newIdempotencyKey());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ body: { id: id.trim(), ...(name.trim() !== '' && { name: name.trim() }) }, idempotencyKey });
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Create account</Text>}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Id" description="Small letters, digits and hyphens; 40 at most. It cannot be changed later." required value={id} onChange={typing(setId)} autoComplete="off" spellCheck={false} data-autofocus error={field === 'id' ? told(make.error) : undefined} />
          <TextInput label="Name" description="As people see it; the id, when left empty" value={name} onChange={typing(setName)} autoComplete="off" error={field === 'name' ? told(make.error) : undefined} />
          {make.error !== null && field !== 'id' && field !== 'name' && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={make.isPending}>Create account</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
