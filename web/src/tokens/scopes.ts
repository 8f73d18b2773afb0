// scopes.ts - what a management token may do, in words.

/** In the order in which they are offered. */
export const scopes: { value: string; name: string; what: string }[] = [
  { value: 'keys:read', name: 'See keys', what: 'Names, permissions and use; never the keys themselves' },
  { value: 'keys:write', name: 'Make and change sandbox keys', what: 'Also disable and revoke them' },
  { value: 'keys:production', name: 'Make and change production keys', what: 'Together with the one above' },
  { value: 'events:read', name: 'See activity', what: 'Attempts, changes and sign-ins' },
  { value: 'alerts:write', name: 'Take alerts on', what: 'Acknowledge, comment and resolve them' },
  { value: 'webhooks:read', name: 'See webhooks', what: 'And what was delivered; never their secrets' },
  { value: 'webhooks:write', name: 'Change webhooks', what: 'Where alerts and changes are sent' },
  { value: 'policy:read', name: 'See the policy', what: 'Which permission opens which route' },
  { value: 'policy:write', name: 'Change the policy', what: 'Of the whole installation' },
  { value: 'members:read', name: 'See members', what: 'Names, roles and last sign-ins' },
  { value: 'members:write', name: 'Invite, change and remove members', what: 'None who may do more than the token' },
  { value: 'tokens:read', name: 'See management tokens', what: 'Never the tokens themselves' },
  { value: 'tokens:write', name: 'Revoke management tokens', what: 'A token makes no other' },
  { value: 'account:read', name: 'See the account', what: 'Its name, state and addresses' },
  { value: 'account:write', name: 'Change the account', what: 'Its name and its addresses' },
  { value: 'authorize', name: 'Ask for decisions', what: 'For a gateway without the nginx module' },
  { value: 'spend', name: 'Spend', what: 'For a payment backend: reserve money, commit it, give it back' },
  { value: 'accounts:read', name: 'See all accounts', what: 'Of the whole installation' },
  { value: 'accounts:write', name: 'Make, change and suspend accounts', what: 'Of the whole installation' },
  { value: 'operate', name: 'Operate the installation', what: 'Health, clock, and stopping' },
];

export function scopeName(value: string): string {
  return scopes.find((scope) => scope.value === value)?.name ?? value;
}
