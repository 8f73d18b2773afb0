// words.ts - what is frozen, in words.
import type { Freeze, Frozen, Target } from '../api/freezes';
import { environments } from '../parts/words';

export function whose({ what, id, name }: Freeze): string {
  if (what === 'environment') return `All ${environments[id as 'sandbox' | 'production'].toLowerCase()} keys are`;
  return what === 'account' ? `All keys of the account ${id} are` : `The key ${name ?? id} is`;
}

export const refused: Record<Frozen, string> = {
  nothing: 'nothing is refused',
  transact: 'what moves money is refused, reading is not',
  all: 'every request is refused',
};

export function targetOf({ what, id, name }: Freeze): Target {
  if (what === 'environment') return { what, id: id as 'sandbox' | 'production', name: id };
  return { what, id, name: name ?? id };
}
