// use.tsx - how often a key is used, from where, and what was refused.
import { NativeSelect, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keyUsageQuery, type Key, type Usage } from '../api/keys';
import { Bars } from '../parts/bars';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { reasonName } from '../parts/words';
import classes from './key_page.module.css';

const stretches = [
  { value: '24h', label: 'The last 24 hours' },
  { value: '7d', label: 'The last 7 days' },
  { value: '30d', label: 'The last 30 days' },
];
const count = new Intl.NumberFormat();

export function Use({ of: key }: { of: Key }) {
  const [from, setFrom] = useState('24h');
  const usage = useQuery({ ...keyUsageQuery(key.id, from), placeholderData: keepPreviousData });
  const pick = <NativeSelect aria-label="Time shown" size="xs" data={stretches} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />;
  return (
    <Section title="How it is used" aside={pick}>
      <Text size="sm" mb="sm">Last used <Moment at={key.lastUsedAt} form="ago" />{key.lastUsedFrom !== null && <> from {key.lastUsedFrom}</>}</Text>
      {usage.data === undefined && (usage.error === null ? <Coming rows={4} what="Loading the use" /> : <Failed error={usage.error} retry={() => void usage.refetch()} />)}
      {usage.data !== undefined && <Counted usage={usage.data} />}
    </Section>
  );
}

function Counted({ usage }: { usage: Usage }) {
  if (usage.allowed + usage.denied === 0) return <Text c="dimmed">No requests with this key in this time.</Text>;
  return (
    <>
      <Bars buckets={usage.buckets} step={usage.step} label="Requests with this key" />
      <div className={classes.pair}>
        <Sources usage={usage} />
        {usage.reasons.length > 0 && <Reasons usage={usage} />}
      </div>
    </>
  );
}

function Sources({ usage }: { usage: Usage }) {
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">From</th><th scope="col">Allowed</th><th scope="col">Denied</th><th scope="col">Last</th></tr></thead>
      <tbody>
        {usage.sources.map((s) => (
          <tr key={s.source}>
            <td>{s.source}</td>
            <td>{count.format(s.allowed)}</td>
            <td>{count.format(s.denied)}</td>
            <td><Moment at={s.lastAt} form="ago" /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ usage }: { usage: Usage }) {
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">Denied because</th><th scope="col">Times</th></tr></thead>
      <tbody>
        {usage.reasons.map(({ reason, count: times }) => (
          <tr key={reason}><td title={reason}>{reasonName(reason)}</td><td>{count.format(times)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
