// advice.tsx - what this key could do without, judged by what it did: each with what will no longer work, and a button that applies it.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { adviceQuery, useApplyAdvice, type AdviceItem } from '../api/advice';
import type { Key } from '../api/keys';
import { Dialog } from '../parts/dialog';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Cell, Row, Table } from '../parts/table';
import { permissionName } from '../parts/words';
import { adviceNames } from './advice_words';
import { useMayChange } from './may';
import { isDead } from './state';

/** Of a key that is over there is nothing to advise. */
export function Advice({ of: key }: { of: Key }) {
  const { data, error, refetch } = useQuery({ ...adviceQuery(key.id), enabled: !isDead(key.state) });
  if (isDead(key.state)) return null;
  if (data === undefined) return <Section title="Advice">{error === null ? <Coming rows={2} what="Loading the advice" /> : <Failed error={error} retry={() => void refetch()} />}</Section>;
  if (data.items.length === 0)
    return <Section title="Advice"><Text c="dimmed">{data.readyAt === null ? 'Nothing to advise: the key needs what it may do, as far as the record shows.' : <>Too early: what a key could do without is told once it was watched for two weeks, from <Moment at={data.readyAt} form="day" /> on.</>}</Text></Section>;
  return (
    <Section title="Advice">
      <Text size="sm" mb="xs">By what it did since <Moment at={data.since} form="day" />. What it does once in a quarter cannot be seen in that time.</Text>
      <Table label="Advice" heads={['Advice', 'Becomes', 'What will no longer work', '']}>
        {data.items.map((item) => (
          <Row key={item.kind}>
            <Cell><Text fw={600} inherit>{adviceNames[item.kind]}</Text><Text size="sm" c="dimmed">{item.why}</Text></Cell>
            <Cell label="Becomes">{becomes(item)}</Cell>
            <Cell label="What will no longer work">{item.breaks}</Cell>
            <Cell label=""><Apply of={key} item={item} /></Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}

function becomes({ change }: AdviceItem): string {
  if (change.permissions !== undefined) return change.permissions.map(permissionName).join(', ');
  if (change.allowIp !== undefined) return change.allowIp.join(', ');
  return `Ends on ${String(change.expires).slice(0, 10)}`;
}

/* What may not be done is not offered. */
function Apply({ of: key, item }: { of: Key; item: AdviceItem }) {
  const [isAsking, setAsking] = useState(false);
  const may = useMayChange(key);
  if (!may) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)} aria-label={`Apply: ${adviceNames[item.kind]}`}>Apply</Button>
      {isAsking && <Ask of={key} item={item} onClose={() => setAsking(false)} />}
    </>
  );
}

function Ask({ of: key, item, onClose }: { of: Key; item: AdviceItem; onClose: () => void }) {
  const applying = useApplyAdvice(key);
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Apply the advice</Text>} size="md">
      <Stack>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}><bdi>{key.name}</bdi>: {becomes(item)}</Text>
        <Text>{item.breaks} It is in force at once, and can be taken back by changing the key.</Text>
        {applying.error !== null && <Failed error={applying.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button onClick={() => applying.mutate(item.kind, { onSuccess: onClose })} loading={applying.isPending} data-autofocus>Apply</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
