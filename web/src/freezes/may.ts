// may.ts - who may thaw what.
import { useSession } from '../api/session';
import type { Freeze } from '../api/freezes';

/** What an operator froze, no account thaws; an environment is the operator's. */
export function useMayThaw(): (freeze: Freeze) => boolean {
  const { scopes, member } = useSession();
  return ({ what, environment, byOperator }) => {
    if (what === 'environment') return scopes.includes('operate');
    if (byOperator && !member.operator) return false;
    if (what === 'account') return scopes.includes('account:write');
    return scopes.includes('keys:write') && (environment === 'sandbox' || scopes.includes('keys:production'));
  };
}
