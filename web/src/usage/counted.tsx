// counted.tsx - how much came and what became of it, over time; and up to when it is counted, where that is behind.
import { Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import { Bars } from '../parts/bars';
import { Moment } from '../parts/moment';

const BEHIND_MS = 60_000;

export function Counted({ usage, label = 'Requests over time' }: { usage: Usage; label?: string }) {
  const isBehind = Date.now() - Date.parse(usage.recordedUntil) > BEHIND_MS && usage.recordedUntil < usage.until;
  return (
    <>
      <Bars buckets={usage.buckets} step={usage.step} label={label} />
      {usage.allowed + usage.denied === 0 && <Text size="sm" c="dimmed" mt="sm">No request in this time.</Text>}
      {isBehind && <Text size="sm" c="dimmed" mt="sm">Counted up to <Moment at={usage.recordedUntil} />; the rest follows.</Text>}
    </>
  );
}
