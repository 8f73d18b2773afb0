// given.ts - the limits that a new key is given where it is made without its own: its account's, and else the installation's.
import { useQuery } from '@tanstack/react-query';
import { accountQuery, type Account } from '../api/accounts';
import { installationQuery } from '../api/installation';
import { useMay } from '../api/session';
import type { Permission } from '../parts/words';
import type { Given } from './terms';

/* What moves money is stronger than what changes settings. */
const strongestFirst: Permission[] = ['full_access', 'transactions', 'account_management', 'read_only'];

function pick(defaults: Account['limitDefaults'], held: Permission[]): Partial<Given> {
  const strongest = strongestFirst.find((permission) => held.includes(permission)) ?? 'read_only';
  return { ...defaults.all, ...defaults[strongest] };
}

/** Undefined until it is known. */
export function useGiven(account: string, permissions: Permission[]): Given | undefined {
  const installation = useQuery(installationQuery);
  const one = useQuery({ ...accountQuery(account.trim()), enabled: useMay('account:read') && account.trim() !== '', retry: false });
  if (installation.data === undefined) return undefined;
  return { rate: installation.data.defaultRate, quota: installation.data.defaultQuota, ...(one.data && pick(one.data.limitDefaults, permissions)) };
}
