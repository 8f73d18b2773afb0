// classes.tsx - requests by what their route asks for.
import { Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import { className } from '../policy/classes';
import classes from './numbers.module.css';

const count = new Intl.NumberFormat();

export function Classes({ usage }: { usage: Usage }) {
  if (usage.classes.length === 0) return <Text c="dimmed">No request in this time.</Text>;
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">Route</th><th scope="col">Allowed</th><th scope="col">Denied</th></tr></thead>
      <tbody>
        {usage.classes.map((one) => (
          <tr key={one.class}>
            <td title={one.class}>{className(one.class)}</td>
            <td>{count.format(one.allowed)}</td>
            <td>{count.format(one.denied)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
