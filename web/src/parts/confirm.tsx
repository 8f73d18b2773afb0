// confirm.tsx - what cannot be undone: says what will break, and wants the name typed.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Dialog } from './dialog';
import { Failed } from './states';

type Props = {
  title: string;
  name: string;              /* to be typed */
  verb: string;              /* on the button: "Revoke key" */
  children: ReactNode;       /* what will break, in full sentences */
  onConfirm: () => void;
  onClose: () => void;
  isBusy?: boolean;
  error?: unknown;
};

/* A name as it can be read and typed: a browser shows many spaces as one, and what has no width not at all. */
function typable(name: string): string {
  return name.normalize('NFKC').replace(/[\p{Cf}\p{Mn}]/gu, '').replace(/\s+/g, ' ').trim();
}

/** Mount it when it is asked for; `onClose` takes it away. */
export function ConfirmByName({ title, name, verb, children, onConfirm, onClose, isBusy = false, error }: Props) {
  const [typed, setTyped] = useState('');
  const isRight = typed.trim() !== '' && typable(typed) === typable(name);
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>{title}</Text>} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) onConfirm();
        }}
      >
        <Stack>
          <div>{children}</div>
          <TextInput label={<>Type <b><bdi>{name}</bdi></b> to confirm</>} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} autoComplete="off" spellCheck={false} data-autofocus />
          {error != null && <Failed error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" color="brick" disabled={!isRight} loading={isBusy}>{verb}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
