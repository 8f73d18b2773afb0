// networks.tsx - from where a key was used, most frequent first.
import type { Usage } from '../api/usage';
import { Moment } from '../parts/moment';
import classes from './numbers.module.css';

const count = new Intl.NumberFormat();

export function Networks({ usage: { sources } }: { usage: Usage }) {
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">From</th><th scope="col">Allowed</th><th scope="col">Denied</th><th scope="col">Last</th></tr></thead>
      <tbody>
        {sources.map((s) => (
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
