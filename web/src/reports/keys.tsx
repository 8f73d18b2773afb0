// keys.tsx - the keys of a report: how many there were, and which wanted looking after.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { keyQuery } from '../api/keys';
import type { ReportGroup, ReportWhole } from '../api/reports';
import { Facts } from '../parts/facts';
import { Section } from '../parts/page';
import classes from './one.module.css';

const groups = [
  ['overdue', 'Overdue for rotation'],
  ['dueSoon', 'Due within 30 days'],
  ['expiring', 'End within 30 days'],
  ['unused', 'Not used for 90 days'],
] as const;

export function Keys({ of: keys }: { of: ReportWhole['keys'] }) {
  return (
    <Section title="Keys">
      <Facts of={[['Active', keys.active.toLocaleString()], ...groups.map(([name, title]): [string, ReactNode] => [title, <Named of={keys[name]} />])]} />
    </Section>
  );
}

/* The number counts all; the first eight are named. */
function Named({ of: { count, keys } }: { of: ReportGroup }) {
  return (
    <>
      {count.toLocaleString()}
      {keys.length > 0 && <ul className={classes.list}>{keys.map((id) => <li key={id}><KeyName id={id} /></li>)}</ul>}
      {count > keys.length && keys.length > 0 && <span className={classes.quiet}>and {(count - keys.length).toLocaleString()} more</span>}
    </>
  );
}

/* People know a key by its name, as it is now; one that is not there any more by its id. */
function KeyName({ id }: { id: string }) {
  const { data } = useQuery({ ...keyQuery(id), staleTime: 60_000 });
  return <Link href={`/keys/${id}`}>{data === undefined ? <span className={classes.mono}>{id}</span> : <bdi>{data.name}</bdi>}</Link>;
}
