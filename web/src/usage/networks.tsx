// networks.tsx - from where a key was used, most frequent first.
import type { Usage } from '../api/usage';
import { Shares } from './shares';

export function Networks({ usage: { sources } }: { usage: Usage }) {
  return <Shares head="From" of={sources.map((one) => ({ ...one, id: one.source, what: one.source }))} />;
}
