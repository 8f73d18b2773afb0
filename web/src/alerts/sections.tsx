// sections.tsx - alerts on other pages: the open ones on the overview, and on the page of a key those about it.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { alertsOfKeyQuery, openAlertsQuery, type Alert } from '../api/alerts';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { AlertLines } from './lines';
import { rankOf } from './words';

const SHOWN = 5;

/* Of the same severity the newest stay first. */
function gravest(alerts: Alert[]): Alert[] {
  return [...alerts].sort((a, b) => rankOf(b.severity) - rankOf(a.severity)).slice(0, SHOWN);
}

export function OpenAlerts({ account }: { account?: string }) {
  const { data, error, refetch } = useQuery(openAlertsQuery(account));
  const href = account === undefined ? '/alerts' : `/alerts?account=${encodeURIComponent(account)}`;
  return (
    <Section title="Open alerts" aside={<Anchor component={Link} href={href} size="sm">All of them</Anchor>}>
      {data === undefined && (error === null ? <Coming rows={2} what="Loading alerts" /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.length === 0 && <Text c="dimmed">The watch has found nothing that waits for you.</Text>}
      {data !== undefined && data.length > 0 && <AlertLines alerts={gravest(data)} shows="subject" />}
    </Section>
  );
}

export function AlertsOfKey({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(alertsOfKeyQuery(id, SHOWN));
  return (
    <Section title="Alerts" aside={<Anchor component={Link} href={`/alerts?state=all&key=${id}`} size="sm">All about this key</Anchor>}>
      {data === undefined && (error === null ? <Coming rows={2} what="Loading alerts" /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.length === 0 && <Text c="dimmed">The watch has found nothing about this key.</Text>}
      {data !== undefined && data.length > 0 && <AlertLines alerts={data} shows="state" />}
    </Section>
  );
}
