// filters.tsx - the line above the list of keys: search, and what it is narrowed to.
import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../api/session';
import { environments, permissions } from '../parts/words';
import { AccountField } from './account_field';
import { everything, type Asked } from './filter';
import { publicPart } from './public_part';
import { stateNames } from './state';

type Props = { asked: Asked; ask: (change: Asked) => void };

const WAIT_MS = 250;

/** A text that is sent when the typing rests. What is asked for elsewhere (the back button) is shown. */
function useRested(asked: string, send: (text: string) => void) {
  const [text, setText] = useState(asked);
  const sent = useRef(asked);
  const sendLater = useDebouncedCallback((to: string) => {
    sent.current = to.trim();
    send(to.trim());
  }, WAIT_MS);
  useEffect(() => {
    if (asked !== sent.current) setText(asked);
    sent.current = asked;
  }, [asked]);
  const type = (to: string) => {
    setText(to);
    sendLater(to);
  };
  return [text, type] as const;
}

function options(first: string, names: Record<string, string>) {
  return [{ value: '', label: first }, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
}

const permissionNames = Object.fromEntries(permissions.map(({ value, name }) => [value, name]));

export function Filters({ asked, ask }: Props) {
  const [q, typeQ] = useRested(asked.q ?? '', (text) => ask({ q: text }));
  const [account, typeAccount] = useRested(asked.account ?? '', (text) => ask({ account: text }));
  const mayPickAccount = useMay('accounts:read');
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Keys">
      <TextInput label="Search" placeholder="Name, id, or a key as it is shown" value={q} onChange={(e) => typeQ(publicPart(e.currentTarget.value))} leftSection={<IconSearch size={16} aria-hidden />} type="search" autoComplete="off" spellCheck={false} miw={220} flex="1 1 260px" />
      <NativeSelect label="Environment" value={asked.environment ?? ''} onChange={(e) => ask({ environment: e.currentTarget.value })} data={options('Both', environments)} />
      <NativeSelect label="State" value={asked.state ?? ''} onChange={(e) => ask({ state: e.currentTarget.value })} data={options('Any', stateNames)} />
      <NativeSelect label="Permission" value={asked.permission ?? ''} onChange={(e) => ask({ permission: e.currentTarget.value })} data={options('Any', permissionNames)} />
      {mayPickAccount && <AccountField label="Account" placeholder="All" value={account} onChange={typeAccount} w={150} />}
      <Group gap="md" mih={36}>
        <Checkbox label="Unused for 90 days" checked={asked.unused === '90d'} onChange={(e) => ask({ unused: e.currentTarget.checked ? '90d' : '' })} />
        <Checkbox label="Never used" checked={asked.unused === 'ever'} onChange={(e) => ask({ unused: e.currentTarget.checked ? 'ever' : '' })} />
        <Checkbox label="Rotation due within 30 days" checked={asked.due !== undefined} onChange={(e) => ask({ due: e.currentTarget.checked ? '30d' : '' })} />
        <Checkbox label="Expiring within 30 days" checked={asked.ending !== undefined} onChange={(e) => ask({ ending: e.currentTarget.checked ? '30d' : '' })} />
        {Object.keys(asked).length > 0 && <Button variant="subtle" size="compact-sm" onClick={() => { typeQ(''); typeAccount(''); ask(everything); }}>Clear all</Button>}
      </Group>
    </Group>
  );
}
