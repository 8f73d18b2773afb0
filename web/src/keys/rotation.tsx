// rotation.tsx - a rotation under way, or the last one: until when both secrets work, and who still comes with the old one.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Key } from '../api/keys';
import { rotationQuery, useEndRotation, type Rotation as State, type RotationEnd } from '../api/rotation';
import { Dialog } from '../parts/dialog';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { Cell, Row, Table } from '../parts/table';
import { useMayChange } from './may';
import { isDead } from './state';

const count = new Intl.NumberFormat();

/** Nothing is shown of a key that was never rotated. */
export function Rotation({ of: key }: { of: Key }) {
  const { data, error, refetch } = useQuery(rotationQuery(key.id));
  if (data === undefined) return error === null ? null : <Section title="Rotation"><Failed error={error} retry={() => void refetch()} /></Section>;
  if (data.oldSecretEnds === null) return null;
  return (
    <Section title="Rotation" aside={data.isOpen ? <Ends of={key} /> : undefined}>
      <Text mb="sm">{data.isOpen ? 'Both secrets work: the old one until ' : 'One secret works. The other is refused since '}<Moment at={data.oldSecretEnds} />.</Text>
      {data.oldSecretUsers.length === 0 ? <Text c="dimmed">Nobody has come with {data.isOpen ? 'the old secret since then. It is safe to complete the rotation' : 'the other secret since then'}.</Text> : <Users of={data} />}
    </Section>
  );
}

function Users({ of: { oldSecretUsers: users, isOpen } }: { of: State }) {
  return (
    <>
      <Text size="sm" mb="xs">{isOpen ? 'These still come with the old secret:' : 'These came with the other secret; what came after its end was refused:'}</Text>
      <Table label={`Who uses the ${isOpen ? 'old' : 'other'} secret`} heads={['From', 'Program', 'Allowed', 'Refused', 'Last']}>
        {users.map((user) => (
          <Row key={`${user.source} ${user.agent}`}>
            <Cell>{user.source}</Cell>
            <Cell label="Program"><bdi style={{ overflowWrap: 'anywhere' }}>{user.agent === '' ? 'does not say' : user.agent}</bdi></Cell>
            <Cell label="Allowed">{count.format(user.allowed)}</Cell>
            <Cell label="Refused">{count.format(user.denied)}</Cell>
            <Cell label="Last"><Moment at={user.lastAt} form="ago" /></Cell>
          </Row>
        ))}
      </Table>
    </>
  );
}

/* What may not be done is not offered. */
function Ends({ of: key }: { of: Key }) {
  const [open, setOpen] = useState<RotationEnd | null>(null);
  const may = useMayChange(key);
  if (!may || isDead(key.state)) return null;
  return (
    <Group gap="xs">
      <Button size="compact-sm" variant="default" onClick={() => setOpen('cancel')}>Cancel rotation</Button>
      <Button size="compact-sm" onClick={() => setOpen('complete')}>Complete now</Button>
      {open === 'complete' && <Ask of={key} end="complete" title="Complete the rotation" verb="End the old secret" onClose={() => setOpen(null)}>Whoever still comes with the old secret gets 401 at once.</Ask>}
      {open === 'cancel' && <Ask of={key} end="cancel" title="Cancel the rotation" verb="End the new secret" onClose={() => setOpen(null)}>Whoever has the new secret gets 401 at once; the old one goes on working, and is as old as it was.</Ask>}
    </Group>
  );
}

type AskProps = { of: Key; end: RotationEnd; title: string; verb: string; onClose: () => void; children: ReactNode };

function Ask({ of: key, end, title, verb, onClose, children }: AskProps) {
  const ending = useEndRotation(key.id);
  const run = () => ending.mutate(end, { onSuccess: onClose });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>{title}</Text>} size="md">
      <Stack>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}><bdi>{key.name}</bdi></Text>
        <Text>{children}</Text>
        {ending.error !== null && <Failed error={ending.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button onClick={run} loading={ending.isPending} data-autofocus>{verb}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
