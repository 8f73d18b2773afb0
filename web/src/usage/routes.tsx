// routes.tsx - requests by the line of the policy that they met.
import { Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import classes from './numbers.module.css';
import { Shares } from './shares';

const words: Record<string, string> = { none: 'No line of the policy', unknown: 'A line that is not known any more', other: 'All others' };

/** `most`: how many are shown, the most frequent; all, when left out. */
export function Routes({ usage: { routes }, most }: { usage: Usage; most?: number }) {
  if (routes.length === 0) return <Text c="dimmed">No request on these days.</Text>;
  return <Shares head="Route" of={routes.slice(0, most).map(({ route, allowed, denied }) => ({ id: route, what: words[route] ?? <bdi className={classes.mono}>{route}</bdi>, allowed, denied }))} />;
}
