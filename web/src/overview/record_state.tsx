// record_state.tsx - for operators: whether the record holds.
import { ChainCheck } from '../activity/chain';
import { useMay } from '../api/session';
import { Section } from '../parts/page';

export function RecordState() {
  if (!useMay('operate')) return null;
  return <Section title="State of the record"><ChainCheck /></Section>;
}
