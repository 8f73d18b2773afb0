// sections.tsx - where an account, or all of them, is frozen: a part of its page.
import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Account } from '../api/accounts';
import { freezesQuery, type Target } from '../api/freezes';
import { useMay } from '../api/session';
import { Section } from '../parts/page';
import { FreezeButton } from './freeze';
import { refused } from './words';

export function FreezeAccount({ account }: { account: Account }) {
  const may = useMay('account:write');
  if (!may && account.frozen === 'nothing') return null;
  return (
    <Section title="Freeze">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{account.frozen === 'nothing' ? 'Holds its keys back for a time, all they do or what moves money, without ending any of them.' : `Frozen: ${refused[account.frozen]}. Above it says why.`}</Text>
        {may && account.frozen !== 'all' && <FreezeButton target={{ what: 'account', id: account.id, name: account.id }} variant="outline" />}
      </Stack>
    </Section>
  );
}

const wide: Target[] = [
  { what: 'environment', id: 'production', name: 'production' },
  { what: 'environment', id: 'sandbox', name: 'sandbox' },
  { what: 'everything', name: 'everything' },
];

/** For who runs the installation. */
export function FreezeEverybody() {
  const may = useMay('operate');
  const { data } = useQuery({ ...freezesQuery, enabled: may });
  if (!may) return null;
  const isFrozen = (id: string) => data?.freezes.some((f) => f.what === 'environment' && f.id === id && f.frozen === 'all') === true;
  const hasRoom = (target: Target) => (target.what === 'everything' ? !(isFrozen('production') && isFrozen('sandbox')) : 'id' in target && !isFrozen(target.id));
  return (
    <Section title="In an emergency">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">A freeze holds the keys of all accounts back at once, all they do or what moves money, and is undone as fast.</Text>
        <Group gap="sm">{wide.filter(hasRoom).map((target) => <FreezeButton key={target.name} target={target} variant="outline" />)}</Group>
      </Stack>
    </Section>
  );
}
