// changes.tsx - what one version of the policy says otherwise than another: a line for each route.
import { Text } from '@mantine/core';
import type { PolicyDiff } from '../api/policy';
import { className } from './classes';
import classes from './routes.module.css';

const SHOWN = 100;
const words = { added: 'Added', removed: 'Removed', changed: 'Changed' };

export function Changes({ of: changes }: { of: PolicyDiff['changes'] }) {
  if (changes.length === 0) return <Text size="sm">Both put every route into the same class.</Text>;
  return (
    <>
      <ul className={classes.routes} aria-label="Routes that differ">
        {changes.slice(0, SHOWN).map(({ route, change, before, after }) => (
          <li key={route} className={classes.route}>
            <span className={classes.method}>{words[change]}</span>
            <span className={classes.path}>{route} <em>{[before, after].filter((c) => c !== null).map((c) => className(c)).join(' → ')}</em></span>
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && <Text size="sm" c="dimmed">and {(changes.length - SHOWN).toLocaleString()} more</Text>}
    </>
  );
}
