// chain.tsx - whether the record is what was written: each hash and signature of its newest days, looked at when asked.
import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCircleCheck, IconLinkOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useVerify, type Verified } from '../api/events';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';
import classes from './chain.module.css';

export function ChainDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Check the chain</Text>} size="md">
      <ChainCheck />
    </Dialog>
  );
}

export function ChainCheck() {
  const [typed, setTyped] = useState('1');
  const days = Number(typed);
  const verify = useVerify();
  const isRight = Number.isInteger(days) && days >= 1 && days <= 366;
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (isRight) verify.mutate(days); }}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">Each record is chained to the one before by its hash, and each batch is signed. A million records take about a second.</Text>
        <Group align="flex-end" gap="sm">
          <TextInput label="Newest days" type="number" value={typed} onChange={(e) => setTyped(e.currentTarget.value)} min={1} max={366} w={120} />
          <Button type="submit" disabled={!isRight} loading={verify.isPending}>Check the chain</Button>
        </Group>
        <div role="status">{verify.data !== undefined && <Found found={verify.data} />}</div>
        {verify.error !== null && <Failed error={verify.error} />}
      </Stack>
    </form>
  );
}

function Found({ found }: { found: Verified }) {
  const { firstBad } = found;
  if (firstBad === null)
    return (
      <div className={classes.found} data-holds>
        <IconCircleCheck size={20} aria-hidden />
        <div>
          <Text fw={600}>It holds</Text>
          <Text size="sm">{found.records.toLocaleString()} records in {found.batches.toLocaleString()} batches of {found.days} {found.days === 1 ? 'day' : 'days'}, up to batch {found.lastBatch.toLocaleString()}.</Text>
          <Text size="xs" c="dimmed" className={classes.hash}>{found.lastHash}</Text>
        </div>
      </div>
    );
  return (
    <div className={classes.found}>
      <IconLinkOff size={20} aria-hidden />
      <div>
        <Text fw={600}>It does not hold: {firstBad.what}</Text>
        <Text size="sm">The first bad place is batch {firstBad.batch}, record {firstBad.record}, in <Code>{firstBad.file}</Code> at byte {firstBad.offset.toLocaleString()}. What stands before it holds.</Text>
        <Text size="sm">Keep a copy of the folder <Code>audit/</Code> before anything else is done, and see <Code>keyward audit verify</Code>.</Text>
      </div>
    </div>
  );
}
