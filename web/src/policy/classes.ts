// classes.ts - the classes that a route can ask for, in the order of a policy file, and what each wants of a key.
import type { PolicyInForce } from '../api/policy';
import { permissionName, type Permission } from '../parts/words';

export type RouteClass = keyof PolicyInForce['policy'];

export const routeClasses: { value: RouteClass; name: string; opens: Permission[]; what: string }[] = [
  { value: 'read', name: 'Read', opens: ['read_only', 'transactions', 'account_management', 'full_access'], what: 'Any key' },
  { value: 'transact', name: 'Transact', opens: ['transactions', 'full_access'], what: 'Moves money' },
  { value: 'manage', name: 'Manage', opens: ['account_management', 'full_access'], what: 'Changes the account' },
  { value: 'public', name: 'Public', opens: [], what: 'No key is needed, and none is looked at' },
  { value: 'deny', name: 'Denied', opens: [], what: 'Closed to everybody, also to Full Access' },
];

/** "Transactions or Full Access" */
export function permissionNames(opens: readonly Permission[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(opens.map(permissionName));
}

export function className(value: string): string {
  if (value === 'unlisted') return 'Unlisted';
  return routeClasses.find((c) => c.value === value)?.name ?? value;
}
