// create.tsx - making a management token: what it is called, what it may do, and until when.
import { Button, Checkbox, Code, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { fieldOf, told } from '../api/problem';
import { useSession } from '../api/session';
import { useMakeToken, type CreatedToken, type NewToken } from '../api/tokens';
import { Dialog } from '../parts/dialog';
import { useOneTry } from '../parts/one_try';
import { Failed } from '../parts/states';
import { scopes } from './scopes';

type Props = { onClose: () => void; onMade: (token: CreatedToken) => void };

const spans = [
  { value: '30d', label: '30 days' },
  { value: '90d', label: '90 days' },
  { value: '365d', label: 'A year' },
  { value: 'date', label: 'Until a date' },
];

export function Create({ onClose, onMade }: Props) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [span, setSpan] = useState('90d');
  const [date, setDate] = useState('');
  const oneTry = useOneTry();
  const make = useMakeToken(onMade);
  const field = fieldOf(make.error);
  const wrong = (of: string) => (field === of ? told(make.error) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body: NewToken = { name: name.trim(), scopes: chosen, expires: span === 'date' ? date : span };
    make.mutate({ body, idempotencyKey: oneTry(body) });
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Create a management token</Text>} size="lg" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Name" description="Of the program that will use it" required maxLength={100} autoComplete="off" value={name} onChange={(e) => setName(e.currentTarget.value)} error={wrong('name')} data-autofocus />
          <Scopes chosen={chosen} onChange={setChosen} error={wrong('scopes')} />
          <Until span={span} onSpan={setSpan} date={date} onDate={setDate} error={wrong('expires')} />
          {make.error !== null && !['name', 'scopes', 'expires'].includes(field ?? '') && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>Create token</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/* Nobody gives what he has not: the others are not offered. */
function Scopes({ chosen, onChange, error }: { chosen: string[]; onChange: (to: string[]) => void; error?: string }) {
  const mine = useSession().scopes;
  return (
    <Checkbox.Group label="What it may do" description="Of what you may do yourself. It is never more than you have: a smaller role makes your tokens smaller" value={chosen} onChange={onChange} error={error} required>
      <Stack gap="xs" mt="xs">
        {scopes
          .filter((scope) => mine.includes(scope.value))
          .map((scope) => <Checkbox key={scope.value} value={scope.value} label={<>{scope.name} <Code>{scope.value}</Code></>} description={scope.what} />)}
      </Stack>
    </Checkbox.Group>
  );
}

type UntilProps = { span: string; onSpan: (to: string) => void; date: string; onDate: (to: string) => void; error?: string };

function Until({ span, onSpan, date, onDate, error }: UntilProps) {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return (
    <Stack gap="xs" role="group" aria-label="Expires">
      <Text size="sm" fw={500}>Expires</Text>
      <SegmentedControl data={spans} value={span} onChange={onSpan} aria-label="Expires after" fullWidth />
      {span === 'date' && <TextInput type="date" label="Date" description="It ends when that day begins, in UTC" required min={tomorrow} value={date} onChange={(e) => onDate(e.currentTarget.value)} error={error} />}
      {span !== 'date' && error !== undefined && <Text size="sm" c="var(--mantine-color-error)" role="alert">{error}</Text>}
    </Stack>
  );
}
