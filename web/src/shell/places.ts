// places.ts - the pages that the navigation leads to, and the scope without which there is nothing to see there.
import { IconActivity, IconBuilding, IconGauge, IconKey, IconRoute, IconTerminal2, IconUsers, type Icon } from '@tabler/icons-react';

export const places: { href: string; name: string; icon: Icon; scope: string }[] = [
  { href: '/', name: 'Overview', icon: IconGauge, scope: 'keys:read' },
  { href: '/keys', name: 'Keys', icon: IconKey, scope: 'keys:read' },
  { href: '/activity', name: 'Activity', icon: IconActivity, scope: 'events:read' },
  { href: '/policy', name: 'Policy', icon: IconRoute, scope: 'policy:read' },
  { href: '/members', name: 'Members', icon: IconUsers, scope: 'members:read' },
  { href: '/tokens', name: 'Tokens', icon: IconTerminal2, scope: 'tokens:read' },
  { href: '/accounts', name: 'Accounts', icon: IconBuilding, scope: 'accounts:read' },
];

/** Whether a page belongs to a place: /keys/new is among the keys. */
export function isAt(href: string, location: string): boolean {
  return href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
}
