// keys.tsx - the keys of a report: how many there were, which wanted looking after, and which could do with less.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { keyQuery } from '../api/keys';
import type { ReportAdvice, ReportGroup, ReportWhole } from '../api/reports';
import { adviceNames } from '../keys/advice_words';
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
      <More of={count} than={keys.length} />
    </>
  );
}

/** Of each key what is advised. Reports of earlier versions do not know; nor do those that were written before the record was counted. */
export function Advice({ of: advice }: { of: ReportAdvice }) {
  if (advice === null) return <Section title="Advice"><span className={classes.quiet}>Not known</span></Section>;
  const { count, looked, keys } = advice;
  return (
    <Section title="Advice">
      <Facts of={[['Keys that could do with less', `${count.toLocaleString()} of ${looked.toLocaleString()}`]]} />
      {keys.length > 0 && (
        <ul className={classes.list}>
          {keys.map(({ key, kinds }) => <li key={key}><KeyName id={key} /> <span className={classes.quiet}>{kinds.map((kind) => adviceNames[kind].toLowerCase()).join(', ')}</span></li>)}
        </ul>
      )}
      <More of={count} than={keys.length} />
    </Section>
  );
}

function More({ of: count, than: named }: { of: number; than: number }) {
  return count > named && named > 0 && <span className={classes.quiet}>and {(count - named).toLocaleString()} more</span>;
}

/* People know a key by its name, as it is now; one that is not there any more by its id. */
function KeyName({ id }: { id: string }) {
  const { data } = useQuery({ ...keyQuery(id), staleTime: 60_000 });
  return <Link href={`/keys/${id}`}>{data === undefined ? <span className={classes.mono}>{id}</span> : <bdi>{data.name}</bdi>}</Link>;
}
