// keys.tsx - how many keys there are, and which want looking after; each number leads to its list.
import { Anchor, Button, VisuallyHidden } from '@mantine/core';
import { Link } from 'wouter';
import type { KeysByState, Outline } from '../api/overview';
import { useMay } from '../api/session';
import { EnvironmentTag } from '../parts/environment';
import { Section } from '../parts/page';
import type { Environment } from '../parts/words';
import classes from './keys.module.css';

const states: (keyof KeysByState)[] = ['active', 'disabled', 'expired', 'revoked'];
const headings: Record<keyof KeysByState, string> = { active: 'Active', disabled: 'Disabled', expired: 'Expired', revoked: 'Revoked' };

function keysHref(filter: Record<string, string | undefined>): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/keys?${new URLSearchParams(given).toString()}`;
}

export function Keys({ outline, account }: { outline: Outline; account?: string }) {
  const mayMake = useMay('keys:write');
  return (
    <Section title="Keys" aside={mayMake && <Button component={Link} href="/keys/new" size="compact-sm">Create New Key</Button>}>
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {states.map((state) => <th key={state} scope="col">{headings[state]}</th>)}
          </tr>
        </thead>
        <tbody>
          {(['production', 'sandbox'] as Environment[]).map((environment) => (
            <tr key={environment}>
              <th scope="row"><EnvironmentTag value={environment} /></th>
              {states.map((state) => <td key={state}><Count value={outline.keys[environment][state]} href={keysHref({ environment, state, account })} what={`${state} keys of ${environment}`} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <Wanting outline={outline} account={account} />
    </Section>
  );
}

function Count({ value, href, what }: { value: number; href: string; what: string }) {
  if (value === 0) return <span className={classes.none}>0</span>;
  return <Anchor component={Link} href={href}>{value.toLocaleString()}<VisuallyHidden> {what}</VisuallyHidden></Anchor>;
}

type Want = { count: number; what: string; href?: string; isUrgent?: boolean };

function wantsOf({ rotation, unused90Days, neverUsed, expiring30Days, members }: Outline, account?: string): Want[] {
  const due = keysHref({ due: '30d', account });
  return [
    { count: rotation.overdue, what: 'overdue for rotation', href: due, isUrgent: true },
    { count: rotation.due30Days, what: 'due for rotation within 30 days', href: due },
    { count: expiring30Days, what: 'expiring within 30 days', href: keysHref({ ending: '30d', state: 'active', account }) },
    { count: unused90Days, what: 'not used for 90 days', href: keysHref({ unused: '90d', state: 'active', account }) },
    { count: neverUsed, what: 'never used', href: keysHref({ unused: 'ever', state: 'active', account }) },
    { count: members?.invited ?? 0, what: 'members invited and not here yet', href: '/members' },
  ].filter(({ count }) => count > 0);
}

function Wanting({ outline, account }: { outline: Outline; account?: string }) {
  const wants = wantsOf(outline, account);
  if (wants.length === 0) return <p className={classes.well}>Nothing wants looking after.</p>;
  return (
    <ul className={classes.wants} aria-label="What wants looking after">
      {wants.map(({ count, what, href = '/keys', isUrgent }) => (
        <li key={what} data-urgent={isUrgent || undefined}>
          <Link href={href} className={classes.want}>
            <span className={classes.count}>{count.toLocaleString()}</span>
            <span>{what}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
