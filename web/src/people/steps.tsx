// steps.tsx - the steps of something that people took on, the newest first: what, by whom, and what was said with it.
import { Moment } from '../parts/moment';
import { Maker } from './maker';
import classes from './steps.module.css';

export type Step = { what: string; by: string; at: string; note: string | null };

export function Steps({ of }: { of: Step[] }) {
  return (
    <ol className={classes.steps}>
      {of.map(({ what, by, at, note }, i) => (
        <li key={of.length - i}>
          <span className={classes.what}>{what}</span>
          <span className={classes.quiet}>by <Maker by={by} />, <Moment at={at} form="ago" /></span>
          {note !== null && <bdi className={classes.note}>{note}</bdi>}
        </li>
      ))}
    </ol>
  );
}
