// traffic.tsx - how much came and what became of it: over time, and what was refused by its reason.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import { usageQuery, type Usage } from '../api/overview';
import { Bars } from '../parts/bars';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { reasonName } from '../parts/words';
import classes from './traffic.module.css';

type Props = { range: string; account?: string };

const BEHIND_MS = 60_000;

export function Traffic({ range, account }: Props) {
  const { data, error, refetch } = useQuery({ ...usageQuery(range, account), placeholderData: (before) => before });
  return (
    <Section title="Traffic" aside={<Anchor component={Link} href={activityHref({ from: range, kind: 'event', account })} size="sm">Activity</Anchor>}>
      {data === undefined ? error === null ? <Coming rows={4} /> : <Failed error={error} retry={() => void refetch()} /> : <Counted usage={data} />}
    </Section>
  );
}

function Counted({ usage }: { usage: Usage }) {
  const isBehind = Date.now() - Date.parse(usage.recordedUntil) > BEHIND_MS && usage.recordedUntil < usage.until;
  return (
    <>
      <Bars buckets={usage.buckets} step={usage.step} label="Requests over time" />
      {usage.allowed + usage.denied === 0 && <Text size="sm" c="dimmed" mt="sm">No request in this time.</Text>}
      {isBehind && <Text size="sm" c="dimmed" mt="sm">Counted up to <Moment at={usage.recordedUntil} />; the rest follows.</Text>}
    </>
  );
}

/** Each reason leads to the attempts that it refused. */
export function Denials({ range, account }: Props) {
  const { data, error, refetch } = useQuery({ ...usageQuery(range, account), placeholderData: (before) => before });
  return (
    <Section title="Denied, by reason">
      {data === undefined && (error === null ? <Coming rows={4} /> : <Failed error={error} retry={() => void refetch()} />)}
      {data !== undefined && (data.reasons.length === 0 ? <Text c="dimmed">Nothing was denied in this time.</Text> : <Reasons usage={data} range={range} account={account} />)}
    </Section>
  );
}

function Reasons({ usage, range, account }: Props & { usage: Usage }) {
  const most = Math.max(...usage.reasons.map(({ count }) => count));
  return (
    <ul className={classes.reasons}>
      {usage.reasons.map(({ reason, count }) => (
        <li key={reason}>
          <Link href={activityHref({ reason, from: range, account })} className={classes.reason}>
            <span><span className={classes.name}>{reasonName(reason)}</span> <span className={classes.code}>{reason}</span></span>
            <span className={classes.count}>{count.toLocaleString()}</span>
            <span className={classes.track} aria-hidden><span style={{ width: `${Math.max(1, (count / most) * 100)}%` }} /></span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
