// classes.tsx - requests by what their route asks for.
import { Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import { className } from '../policy/classes';
import { Shares } from './shares';

export function Classes({ usage }: { usage: Usage }) {
  if (usage.classes.length === 0) return <Text c="dimmed">No request in this time.</Text>;
  return <Shares head="Route" of={usage.classes.map((one) => ({ ...one, id: one.class, what: className(one.class) }))} />;
}
