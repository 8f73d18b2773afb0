// next.tsx - a policy that is not in force yet: what it would change, whom it would have refused, and then its being put in force.
import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useApply, useTryOut, type Tried } from '../api/policy';
import { useMay } from '../api/session';
import { ConfirmByName } from '../parts/confirm';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { Changes } from './changes';
import { Found } from './found';
import { readFile } from './read_file';
import classes from './trial.module.css';

const stretches = [
  { value: '24h', label: 'The last 24 hours' },
  { value: '7d', label: 'The last 7 days' },
  { value: '30d', label: 'The last 30 days' },
];

export function NextPolicy() {
  const [text, setText] = useState('');
  const [from, setFrom] = useState('7d');
  const [wrong, setWrong] = useState<string>();
  const tryOut = useTryOut(useMay('events:read'));
  const change = (to: string) => {
    setText(to);
    setWrong(undefined);
    tryOut.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readFile(text);
    if ('wrong' in read) return setWrong(read.wrong);
    tryOut.mutate({ lists: read.lists, from });
  };
  return (
    <Section title="Try a new policy">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Textarea label="Policy file" description="As keyward policy show prints it. Nothing changes yet." placeholder={'read:\n  - GET /wallet/me'} value={text} onChange={(e) => change(e.currentTarget.value)} autosize minRows={4} maxRows={14} spellCheck={false} required withAsterisk={false} classNames={{ input: classes.mono }} error={wrong} />
          <NativeSelect label="Try it on requests of" data={stretches} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
          <Group><Button type="submit" variant="default" loading={tryOut.isPending}>Dry run</Button></Group>
          {tryOut.error !== null && <Failed error={tryOut.error} />}
          <div role="status">{tryOut.data !== undefined && <Told tried={tryOut.data} onApplied={() => change('')} />}</div>
        </Stack>
      </form>
    </Section>
  );
}

function Told({ tried, onApplied }: { tried: Tried; onApplied: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const mayWrite = useMay('policy:write');
  return (
    <Stack gap="sm">
      <Text fw={600} size="sm">What it would change</Text>
      <Changes of={tried.changes} />
      {tried.found !== null && <Found in={tried.found} />}
      {mayWrite && <Group><Button onClick={() => setAsking(true)} disabled={tried.changes.length === 0}>Put in force</Button></Group>}
      {isAsking && <Apply tried={tried} onClose={() => setAsking(false)} onApplied={onApplied} />}
    </Stack>
  );
}

function Apply({ tried, onClose, onApplied }: { tried: Tried; onClose: () => void; onApplied: () => void }) {
  const apply = useApply();
  const refused = tried.found?.refused.requests ?? 0;
  const done = () => {
    onClose();
    onApplied();
  };
  return (
    <ConfirmByName title="Put this policy in force" name="policy" verb="Put in force" onConfirm={() => apply.mutate(tried.lists, { onSuccess: done })} onClose={onClose} isBusy={apply.isPending} error={apply.error}>
      <Text>It replaces the whole policy at once.</Text>
      {refused > 0 && <Alert color="brick" variant="light" mt="sm">{refused.toLocaleString()} requests of the time that was looked at would have been refused: who makes them stops working.</Alert>}
    </ConfirmByName>
  );
}
