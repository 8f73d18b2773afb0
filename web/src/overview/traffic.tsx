// traffic.tsx - how much came and what became of it: over time, and what was refused by its reason.
import { Anchor, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import { useMay } from '../api/session';
import { usageQuery } from '../api/usage';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { usageHref } from '../usage/asked';
import { Counted } from '../usage/counted';
import { Reasons } from '../usage/reasons';

type Props = { range: string; account?: string };

export function Traffic({ range, account }: Props) {
  const { data, error, refetch } = useQuery({ ...usageQuery({ from: range, account }), placeholderData: (before) => before });
  const maySeeEvents = useMay('events:read');
  const ways = (
    <Group gap="md">
      {maySeeEvents && <Anchor component={Link} href={usageHref({ range, account })} size="sm">Usage</Anchor>}
      <Anchor component={Link} href={activityHref({ from: range, kind: 'event', account })} size="sm">Activity</Anchor>
    </Group>
  );
  return (
    <Section title="Traffic" aside={ways}>
      {data === undefined ? error === null ? <Coming rows={4} /> : <Failed error={error} retry={() => void refetch()} /> : <Counted usage={data} />}
    </Section>
  );
}

export function Denials({ range, account }: Props) {
  const { data, error, refetch } = useQuery({ ...usageQuery({ from: range, account }), placeholderData: (before) => before });
  return (
    <Section title="Denied, by reason">
      {data === undefined && (error === null ? <Coming rows={4} /> : <Failed error={error} retry={() => void refetch()} />)}
      {data !== undefined && <Reasons usage={data} of={{ from: range, account }} />}
    </Section>
  );
}
