// places.ts - the pages that the navigation leads to, the scope without which there is nothing to see there, and what waits there.
import { IconActivity, IconBell, IconBuilding, IconChartBar, IconFileText, IconGauge, IconKey, IconRadar, IconRoute, IconTerminal2, IconUsers, IconWebhook, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { OpenCount } from '../alerts/open_count';

export type Place = { href: string; name: string; icon: Icon; scope: string; waiting?: ComponentType };
type Group = { name?: string; places: Place[] };

/** In groups, so that it is no wall; what is looked at most has no name above it. */
export const groups: Group[] = [
  {
    places: [
      { href: '/', name: 'Overview', icon: IconGauge, scope: 'keys:read' },
      { href: '/keys', name: 'Keys', icon: IconKey, scope: 'keys:read' },
      { href: '/activity', name: 'Activity', icon: IconActivity, scope: 'events:read' },
      { href: '/usage', name: 'Usage', icon: IconChartBar, scope: 'events:read' },
    ],
  },
  {
    name: 'Watch',
    places: [
      { href: '/alerts', name: 'Alerts', icon: IconBell, scope: 'events:read', waiting: OpenCount },
      { href: '/reports', name: 'Reports', icon: IconFileText, scope: 'events:read' },
      { href: '/detectors', name: 'Detectors', icon: IconRadar, scope: 'account:read' },
      { href: '/webhooks', name: 'Webhooks', icon: IconWebhook, scope: 'webhooks:read' },
    ],
  },
  {
    name: 'Administration',
    places: [
      { href: '/policy', name: 'Policy', icon: IconRoute, scope: 'policy:read' },
      { href: '/members', name: 'Members', icon: IconUsers, scope: 'members:read' },
      { href: '/tokens', name: 'Tokens', icon: IconTerminal2, scope: 'tokens:read' },
      { href: '/accounts', name: 'Accounts', icon: IconBuilding, scope: 'accounts:read' },
    ],
  },
];

/** Whether a page belongs to a place: /keys/new is among the keys. */
export function isAt(href: string, location: string): boolean {
  return href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
}
