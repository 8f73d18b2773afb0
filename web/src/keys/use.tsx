// use.tsx - how often a key is used, from where, and what was refused.
import { Anchor, Group, NativeSelect, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Key } from '../api/keys';
import { usageQuery, type Usage } from '../api/usage';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { ranges, usageHref } from '../usage/asked';
import { Counted } from '../usage/counted';
import { Countries } from '../usage/countries';
import { Networks } from '../usage/networks';
import { Reasons } from '../usage/reasons';
import { Routes } from '../usage/routes';
import classes from './key_page.module.css';

const ROUTES = 5; /* the others are behind "All of it" */
const stretches = ranges.slice(0, 3).map(({ value, label }) => ({ value, label: `The last ${label}` }));

export function Use({ of: key }: { of: Key }) {
  const [from, setFrom] = useState('24h');
  const usage = useQuery({ ...usageQuery({ key: key.id, from }), placeholderData: keepPreviousData });
  const aside = (
    <Group gap="sm">
      <Anchor component={Link} href={usageHref({ range: from, key: key.id })} size="sm">All of it</Anchor>
      <NativeSelect aria-label="Time shown" size="xs" data={stretches} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
    </Group>
  );
  return (
    <Section title="How it is used" aside={aside}>
      <Text size="sm" mb="sm">Last used <Moment at={key.lastUsedAt} form="ago" />{key.lastUsedFrom !== null && <> from {key.lastUsedFrom}</>}</Text>
      {usage.data === undefined && (usage.error === null ? <Coming rows={4} what="Loading the use" /> : <Failed error={usage.error} retry={() => void usage.refetch()} />)}
      {usage.data !== undefined && <Shown usage={usage.data} of={{ from, key: key.id }} />}
    </Section>
  );
}

function Shown({ usage, of }: { usage: Usage; of: { from: string; key: string } }) {
  if (usage.allowed + usage.denied === 0) return <Text c="dimmed">No requests with this key in this time.</Text>;
  return (
    <>
      <Counted usage={usage} label="Requests with this key" />
      <div className={classes.pair}>
        <Routes usage={usage} most={ROUTES} />
        <Networks usage={usage} />
        {usage.countries.length > 0 && <Countries usage={usage} />}
        {usage.reasons.length > 0 && <Reasons usage={usage} of={of} />}
      </div>
    </>
  );
}
