// page.tsx - the usage: how much was asked, allowed and denied, of all that may be seen, of an account or of a key.
import { Anchor, Code, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import { installationQuery } from '../api/installation';
import { keyQuery } from '../api/keys';
import { usageQuery, type Usage } from '../api/usage';
import { Page, Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { toApi, useAsked, type UsageAsked } from './asked';
import { Classes } from './classes';
import { Counted } from './counted';
import { Countries } from './countries';
import { Filters } from './filters';
import { Latency } from './latency';
import { Networks } from './networks';
import classes from './numbers.module.css';
import { Reasons } from './reasons';
import { Routes } from './routes';

export default function UsagePage() {
  const [asked, ask] = useAsked();
  const { data, error, isError, refetch } = useQuery({ ...usageQuery(toApi(asked)), placeholderData: keepPreviousData });
  return (
    <Page title="Usage" lead={asked.key === undefined ? 'How much was asked, allowed and denied.' : <OfKey id={asked.key} />}>
      <Filters asked={asked} ask={ask} />
      {isError && <Failed error={error} retry={() => void refetch()} />}
      {data === undefined && !isError && <Coming rows={8} what="Loading the usage" />}
      {data !== undefined && !isError && <Shown usage={data} asked={asked} />}
    </Page>
  );
}

function OfKey({ id }: { id: string }) {
  const { data } = useQuery(keyQuery(id));
  return <>How much was asked with the key <Anchor component={Link} href={`/keys/${encodeURIComponent(id)}`} underline="always"><bdi style={{ overflowWrap: 'anywhere' }}>{data?.name ?? id}</bdi></Anchor>.</>;
}

function Shown({ usage, asked: { range: from = '24h', ...rest } }: { usage: Usage; asked: UsageAsked }) {
  const of = { from, ...rest };
  return (
    <>
      <Section title="Requests" aside={<Anchor component={Link} href={activityHref({ ...of, kind: 'event' })} size="sm">Activity</Anchor>}>
        <Counted usage={usage} />
      </Section>
      <div className={classes.columns}>
        <Section title="Denied, by reason"><Reasons usage={usage} of={of} /></Section>
        <div className={classes.stack}>
          <Section title="By what routes ask for"><Classes usage={usage} /></Section>
          <Section title="How long decisions took"><Latency usage={usage} /></Section>
        </div>
        <div className={classes.stack}>
          <Section title="By network"><FromWhere usage={usage} isOfKey={rest.key !== undefined} /></Section>
          <Section title="By country"><Countries usage={usage} /></Section>
        </div>
      </div>
      <Section title="By route"><Routes usage={usage} /></Section>
      <Text size="sm" c="dimmed">Routes, countries, networks and how long decisions took are counted by the day (UTC), of each day that this time touches, and kept for 60.</Text>
    </>
  );
}

function FromWhere({ usage, isOfKey }: { usage: Usage; isOfKey: boolean }) {
  if (!isOfKey) return <Text c="dimmed">Networks are counted for each key: ask for one above.</Text>;
  if (usage.sources.length === 0) return <Text c="dimmed">Nobody came with this key in this time.</Text>;
  return <><Networks usage={usage} /><Places /></>;
}

/* Said once it is known: that something is missing is no news while it comes. */
function Places() {
  const { data } = useQuery(installationQuery);
  if (data === undefined || data.places) return null;
  return (
    <Text size="sm" c="dimmed" mt="sm">
      Networks stand in for places: no location file is set up. With <Code>location_country_file</Code> in keyward.yaml, the watch knows countries.
    </Text>
  );
}
