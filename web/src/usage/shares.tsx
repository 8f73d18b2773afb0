// shares.tsx - a table of what requests were about, the most frequent first: how many were allowed and denied, and when the last came.
import type { ReactNode } from 'react';
import { Moment } from '../parts/moment';
import classes from './numbers.module.css';

export type Share = { id: string; what: ReactNode; allowed: number; denied: number; lastAt?: string };

const count = new Intl.NumberFormat();

export function Shares({ head, of }: { head: string; of: Share[] }) {
  const isDated = of.some(({ lastAt }) => lastAt !== undefined);
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">{head}</th><th scope="col">Allowed</th><th scope="col">Denied</th>{isDated && <th scope="col">Last</th>}</tr></thead>
      <tbody>
        {of.map(({ id, what, allowed, denied, lastAt }) => (
          <tr key={id}>
            <td title={id}>{what}</td>
            <td>{count.format(allowed)}</td>
            <td>{count.format(denied)}</td>
            {isDated && <td>{lastAt !== undefined && <Moment at={lastAt} form="ago" />}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
