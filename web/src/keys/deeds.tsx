// deeds.tsx - what can be done to a key: changed, rotated, disabled and enabled, revoked. What may not be done is not offered.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isUnsaved, useKeyDeed, type Deed, type Key } from '../api/keys';
import { told } from '../api/problem';
import { useMay } from '../api/session';
import { usageQuery } from '../api/usage';
import { FreezeButton } from '../freezes/freeze';
import { ConfirmByName } from '../parts/confirm';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';
import { ChangeKey } from './change';
import { useMayChange } from './may';
import { Rotate } from './rotate';
import { isDead } from './state';

type Open = 'change' | 'rotate' | Deed | null;

export function Deeds({ of: key }: { of: Key }) {
  const [open, setOpen] = useState<Open>(null);
  const deed = useKeyDeed(key.id);
  const mayWrite = useMay('keys:write');
  const may = useMayChange(key);
  const close = () => {
    setOpen(null);
    deed.reset();
  };
  const done = (what: Deed) => {
    close();
    if (what === 'revoke') setTimeout(toHeading);
  };
  const run = (what: Deed) => deed.mutate(what, { onSuccess: () => done(what) });
  const shared = { of: key, onClose: close, isBusy: deed.isPending, error: deed.error };
  if (!may) return mayWrite ? <Text size="sm" c="dimmed" maw={260}>Production keys are changed by admins and owners.</Text> : null;
  if (isDead(key.state) && open === null) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpen('change')}>Change</Button>
      {key.oldSecretEnds === null && <Button variant="default" onClick={() => setOpen('rotate')}>Rotate</Button>}
      {key.state === 'disabled' ? <Button variant="default" onClick={() => setOpen('enable')}>Enable</Button> : <Button variant="default" onClick={() => setOpen('disable')}>Disable</Button>}
      {key.frozen !== 'all' && <FreezeButton target={{ what: 'key', id: key.id, name: key.name }} />}
      <Button variant="outline" color="brick" onClick={() => setOpen('revoke')}>Revoke key</Button>
      {open === 'change' && <ChangeKey of={key} onClose={close} />}
      {open === 'rotate' && <Rotate of={key} onClose={close} />}
      {open === 'disable' && <Ask {...shared} title="Disable this key" verb="Disable key" run={() => run('disable')}>Its requests get 401 at once, until somebody enables it again. Nothing else of it changes.</Ask>}
      {open === 'enable' && <Ask {...shared} title="Enable this key" verb="Enable key" run={() => run('enable')}>Whoever has it gets in again at once, with the permissions that it has.</Ask>}
      {open === 'revoke' && <Revoke {...shared} run={() => run('revoke')} />}
    </>
  );
}

/* The button that the focus would go back to is not offered any more. */
function toHeading() {
  document.querySelector<HTMLElement>('h1')?.focus();
}

type AskProps = { of: Key; onClose: () => void; isBusy: boolean; error: unknown; run: () => void };

function Ask({ of: key, title, verb, children, onClose, isBusy, error, run }: AskProps & { title: string; verb: string; children: string }) {
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>{title}</Text>} size="md">
      <Stack>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}><bdi>{key.name}</bdi></Text>
        <UsedLately id={key.id} />
        <Text>{children}</Text>
        <Refused error={error} again={run} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button onClick={run} loading={isBusy} data-autofocus>{verb}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Revoke({ of: key, onClose, isBusy, error, run }: AskProps) {
  return (
    <ConfirmByName title="Revoke this key" name={key.name} verb="Revoke key" onConfirm={run} onClose={onClose} isBusy={isBusy} error={isUnsaved(error) ? undefined : error}>
      <Stack gap="sm">
        <UsedLately id={key.id} />
        <Text>Its requests get 401 at once. This is final: the key cannot be brought back, only replaced by another.</Text>
        {isUnsaved(error) && <Refused error={error} again={run} />}
      </Stack>
    </ConfirmByName>
  );
}

const count = new Intl.NumberFormat();

function times(n: number, of: string): string {
  return n === 1 ? `1 ${of}` : `${count.format(n)} ${of}s`;
}

/** What would break: how much got through lately, and from how many networks. */
function UsedLately({ id }: { id: string }) {
  const maySee = useMay('events:read');
  const usage = useQuery({ ...usageQuery({ key: id, from: '24h' }), enabled: maySee });
  if (usage.data === undefined) return null;
  const { allowed, sources } = usage.data;
  if (allowed === 0) return <Text>It let nothing in during the last 24 hours.</Text>;
  const from = sources.filter((s) => s.allowed > 0).length;
  return <Text>It was used <b>{times(allowed, 'time')}</b> in the last 24 hours{from > 0 && <> from <b>{times(from, 'network')}</b></>}. Those calls will be refused.</Text>;
}

/** What is in force and not saved is not simply a failure. */
export function Refused({ error, again }: { error: unknown; again: () => void }) {
  if (error === null || error === undefined) return null;
  if (!isUnsaved(error)) return <Failed error={error} />;
  return (
    <Alert color="ochre" variant="light" title="In force, but not saved" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text>{told(error)}</Text>
        <Button size="compact-sm" variant="default" onClick={again}>Save it now</Button>
      </Stack>
    </Alert>
  );
}
