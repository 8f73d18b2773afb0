// banner.tsx - says on every page what is frozen, as long as it is, and undoes it.
import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { freezesQuery, type Freeze } from '../api/freezes';
import { useMay } from '../api/session';
import { Moment } from '../parts/moment';
import { useMayThaw } from './may';
import { ThawButton } from './thaw';
import { refused, whose } from './words';

const SHOWN = 3;

export function FreezeBanner() {
  const { data } = useQuery({ ...freezesQuery, enabled: useMay('keys:read') });
  if (data === undefined || data.freezes.length === 0) return null;
  const rest = data.freezes.length - SHOWN;
  return (
    <Alert color="brick" variant="light" mb="lg" role="status" title="Frozen">
      <Stack gap={8}>
        {data.freezes.slice(0, SHOWN).map((freeze) => <Line key={`${freeze.what} ${freeze.id}`} of={freeze} />)}
        {rest > 0 && <Text size="sm">And {rest}{data.more ? ' or more' : ''} besides: the keys and accounts say so on their pages.</Text>}
      </Stack>
    </Alert>
  );
}

function Line({ of: freeze }: { of: Freeze }) {
  const mayThaw = useMayThaw();
  return (
    <Group justify="space-between" gap="sm" align="flex-start">
      <Text size="sm" style={{ overflowWrap: 'anywhere', flex: '1 1 240px' }}>
        <Named of={freeze} /> frozen{freeze.since !== null && <> since <Moment at={freeze.since} /></>}: {refused[freeze.frozen]}.{freeze.reason !== null && <> “<bdi>{freeze.reason}</bdi>”</>}
      </Text>
      {mayThaw(freeze) && <ThawButton of={freeze} />}
    </Group>
  );
}

function Named({ of: freeze }: { of: Freeze }) {
  if (freeze.what !== 'key') return whose(freeze);
  return <>The key <Anchor component={Link} href={`/keys/${freeze.id}`} inherit><bdi>{freeze.name}</bdi></Anchor> is</>;
}
