// places.ts - the pages that the navigation leads to, the scope without which there is nothing to see there, and what waits there.
import { IconActivity, IconBell, IconBuilding, IconGauge, IconKey, IconRoute, IconTerminal2, IconUsers, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { OpenCount } from '../alerts/open_count';

type Place = { href: string; name: string; icon: Icon; scope: string; waiting?: ComponentType };

export const places: Place[] = [
  { href: '/', name: 'Overview', icon: IconGauge, scope: 'keys:read' },
  { href: '/keys', name: 'Keys', icon: IconKey, scope: 'keys:read' },
  { href: '/activity', name: 'Activity', icon: IconActivity, scope: 'events:read' },
  { href: '/alerts', name: 'Alerts', icon: IconBell, scope: 'events:read', waiting: OpenCount },
  { href: '/policy', name: 'Policy', icon: IconRoute, scope: 'policy:read' },
  { href: '/members', name: 'Members', icon: IconUsers, scope: 'members:read' },
  { href: '/tokens', name: 'Tokens', icon: IconTerminal2, scope: 'tokens:read' },
  { href: '/accounts', name: 'Accounts', icon: IconBuilding, scope: 'accounts:read' },
];

/** Whether a page belongs to a place: /keys/new is among the keys. */
export function isAt(href: string, location: string): boolean {
  return href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
}
