// rights.tsx - what a key may do, in words: which routes, from where, how often, until when; and who made it.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Key } from '../api/keys';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { permissions, type Permission } from '../parts/words';
import { Maker } from '../people/maker';
import { Age, days } from './age';
import classes from './key_page.module.css';
import { isDead } from './state';
import { classNames, quotaInWords, rateInWords, ruleOf, type ClassName } from './terms';

const opens: Record<Permission, ClassName[]> = {
  read_only: ['read'],
  transactions: ['read', 'transact'],
  account_management: ['read', 'manage'],
  full_access: ['read', 'transact', 'manage'],
};

export function Rights({ of: key }: { of: Key }) {
  return (
    <Section title="What it may do">
      <dl className={classes.facts}>
        <Fact name="Permissions"><Permitted of={key} /></Fact>
        <Fact name="From where"><FromWhere rules={key.allowIp} /></Fact>
        <Fact name="How often">{capital(rateInWords(key.rate))}<br />{capital(quotaInWords(key.quota))}</Fact>
        <Fact name="Expires"><Moment at={key.expires} /></Fact>
        <Fact name="Rotation"><Rotation of={key} /></Fact>
        <Fact name="Made"><Moment at={key.createdAt} /><br />by <Maker by={key.createdBy} /></Fact>
        <Fact name="Account">{key.account}</Fact>
      </dl>
    </Section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Permitted({ of: key }: { of: Key }) {
  const open = new Set(key.permissions.flatMap((p) => opens[p]));
  return (
    <>
      {permissions.filter(({ value }) => key.permissions.includes(value)).map(({ value, name, what }) => (
        <div key={value}><Text span fw={600}>{name}</Text>: {what.charAt(0).toLowerCase() + what.slice(1)}</div>
      ))}
      <ul className={classes.opens} aria-label="Kinds of route that it opens">
        {classNames.map((name) => <li key={name} data-off={!open.has(name) || undefined}>{open.has(name) ? '✓' : '✕'} {name}<Unseen text={open.has(name) ? ': open' : ': closed'} /></li>)}
        <li data-off={!key.permissions.includes('full_access') || undefined}>{key.permissions.includes('full_access') ? '✓' : '✕'} what the policy does not list</li>
      </ul>
    </>
  );
}

function Unseen({ text }: { text: string }) {
  return <span className="mantine-visually-hidden" style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>{text}</span>;
}

/* A kind of route that no rule is for may be asked for from everywhere. */
function FromWhere({ rules }: { rules: string[] }) {
  if (rules.length === 0) return <>Everywhere</>;
  const read = rules.map(ruleOf);
  const free = classNames.filter((name) => !read.some((rule) => rule.classes.includes(name)));
  return (
    <>
      <ul className={classes.mono} tabIndex={rules.length > 8 ? 0 : undefined} aria-label="Allowed addresses">
        {read.map(({ address, classes: only }, i) => <li key={i}>{address}{only.length < classNames.length && ` for ${only.join(', ')}`}</li>)}
      </ul>
      {free.length > 0 && <Text size="sm" c="dimmed">{capital(free.join(' and '))} from everywhere</Text>}
    </>
  );
}

const overdue = { alert: '', read_only: '; from then on it only reads', expire: '; it expires by then' };

function Rotation({ of: key }: { of: Key }) {
  if (isDead(key.state)) return <>Not needed any more</>;
  if (key.rotationDue === null) return <>Never due</>;
  return (
    <>
      <Age of={key} />
      <Text size="sm" c="dimmed">Every {days(key.rotationDays)}, next on <Moment at={key.rotationDue} form="day" />{overdue[key.onOverdue]}</Text>
      {key.oldSecretEnds !== null && <Text size="sm">The secret before works until <Moment at={key.oldSecretEnds} /></Text>}
    </>
  );
}
