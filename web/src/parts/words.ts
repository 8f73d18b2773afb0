// words.ts - what the API's short words mean to a person.
import type { components } from '../api/contract';

export type Environment = components['schemas']['Environment'];
export type Permission = components['schemas']['Permission'];
export type Role = components['schemas']['Role'];

export const environments: Record<Environment, string> = { sandbox: 'Sandbox', production: 'Production' };

/** In the order in which they are offered; in the words of the documentation that clients read. */
export const permissions: { value: Permission; name: string; what: string; use: string }[] = [
  { value: 'read_only', name: 'Read Only', what: 'View account and transaction data', use: 'Analytics dashboards, reports' },
  { value: 'transactions', name: 'Transactions', what: 'Read, and execute transactions', use: 'Payment processing' },
  { value: 'account_management', name: 'Account Management', what: 'Read, and modify account settings', use: 'Admin operations' },
  { value: 'full_access', name: 'Full Access', what: 'All operations, and every route that the policy does not list', use: 'Backend services that need it all' },
];

export function permissionName(value: Permission): string {
  return permissions.find((p) => p.value === value)?.name ?? value;
}

/** Why a request was refused, or allowed, in few words. The code itself stands beside it. */
export const reasons: Record<string, string> = {
  allowed: 'Allowed',
  public: 'Public route',
  unavailable: 'Gateway not ready',
  path_ambiguous: 'Path can be read in two ways',
  credential_in_url: 'Key in the URL',
  tls_required: 'Sent without TLS',
  route_denied: 'Route closed by policy',
  missing_key: 'No key sent',
  ambiguous_credentials: 'More than one credential',
  malformed_key: 'Not a key',
  unknown_key: 'Unknown key',
  wrong_secret: 'Wrong secret',
  too_many_failures: 'Too many failures from there',
  stale: 'Keyring out of date',
  key_revoked: 'Key revoked',
  key_disabled: 'Key disabled',
  key_expired: 'Key expired',
  account_suspended: 'Account suspended',
  frozen: 'Frozen',
  environment_mismatch: 'Key of the other environment',
  ip_not_allowed: 'Address not allowed',
  browser_use: 'Used by a browser',
  permission_denied: 'Permission missing',
  unrecordable: 'Record full',
  rate_limited: 'Rate limit',
  quota_exceeded: 'Quota used up',
  untrusted_peer: 'Asked by an untrusted proxy',
  forwarded_ambiguous: 'Proxy tells two stories',
  secret_rotated: 'Secret was rotated',
  rotation_overdue: 'Rotation overdue',
  token_expired: 'Access token expired',
  token_ended: 'Access token ended',
  token_reused: 'Refresh token used twice',
};

export function reasonName(code: string): string {
  return reasons[code] ?? code;
}

export const roles: { value: Role; name: string; what: string }[] = [
  { value: 'viewer', name: 'Viewer', what: 'Sees keys, activity and policy' },
  { value: 'developer', name: 'Developer', what: 'Also makes and changes sandbox keys, and management tokens' },
  { value: 'admin', name: 'Admin', what: 'Also production keys, members and the account' },
  { value: 'owner', name: 'Owner', what: 'As admin; an account always keeps one' },
];

export function roleName(value: Role): string {
  return roles.find((r) => r.value === value)?.name ?? value;
}

/** What a new password has to be; with a second factor, less will do. */
export function passwordHint(hasTotp: boolean): string {
  return `At least ${hasTotp ? 8 : 15} characters; several words are good`;
}
