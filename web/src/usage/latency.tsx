// latency.tsx - how long decisions took.
import { Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import { Facts } from '../parts/facts';

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

/** Three digits, in whatever unit makes them readable. */
export function duration(ns: number): string {
  if (ns < 1000) return `${number.format(ns)} ns`;
  return ns < 1_000_000 ? `${number.format(ns / 1000)} µs` : `${number.format(ns / 1_000_000)} ms`;
}

export function Latency({ usage: { latency } }: { usage: Usage }) {
  if (latency === null) return <Text c="dimmed">No decision on these days.</Text>;
  return <Facts of={[['Half within', duration(latency.medianNs)], ['95 % within', duration(latency.p95Ns)], ['99 % within', duration(latency.p99Ns)], ['The longest', duration(latency.maxNs)]]} />;
}
