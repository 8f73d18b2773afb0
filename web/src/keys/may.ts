// may.ts - who may change which key.
import type { Key } from '../api/keys';
import { useMay } from '../api/session';

/** Production keys are changed by those alone who have a scope of their own for it. */
export function useMayChange({ environment }: Key): boolean {
  const mayWrite = useMay('keys:write');
  const mayProduction = useMay('keys:production');
  return mayWrite && (mayProduction || environment === 'sandbox');
}
