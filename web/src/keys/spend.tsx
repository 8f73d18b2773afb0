// spend.tsx - what a key may spend, currency by currency: how much is left, where it may go, and what was reserved lately.
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../api/keys';
import { spendRulesQuery, type SpendRule, type SpendRules } from '../api/spend';
import { useMay } from '../api/session';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Cell, Row, Table, quietClass } from '../parts/table';
import classes from './key_page.module.css';
import { useMayChange } from './may';
import { Reservations } from './reservations';
import { SpendRuleForm } from './spend_rule';
import { isDead } from './state';

/* Which rule is changed; null: a new one. */
type Asked = { rule: SpendRule | null };

export function Spend({ of: key }: { of: Key }) {
  const { data, error, refetch } = useQuery(spendRulesQuery(key.id));
  const [asked, setAsked] = useState<Asked | null>(null);
  const mayChange = useMayChange(key) && !isDead(key.state);
  const maySeeEvents = useMay('events:read');
  const change = mayChange ? (rule: SpendRule) => setAsked({ rule }) : undefined;
  return (
    <Section title="Spend limits" aside={mayChange && data !== undefined && <Button variant="default" size="compact-sm" onClick={() => setAsked({ rule: null })}>Limit a currency</Button>}>
      {data === undefined && (error === null ? <Coming rows={2} what="Loading the spend limits" /> : <Failed error={error} retry={() => void refetch()} />)}
      {data !== undefined && <Limits of={data} change={change} />}
      {maySeeEvents && <Reservations of={key.id} />}
      {asked !== null && data !== undefined && <SpendRuleForm of={key} read={data} rule={asked.rule} onClose={() => setAsked(null)} />}
    </Section>
  );
}

function Limits({ of: { rules, limited }, change }: { of: SpendRules; change: ((rule: SpendRule) => void) | undefined }) {
  if (!limited) return <Text c="dimmed">None: where a payment backend asks Keyward before it moves money, this key may move any amount, anywhere. With a limit for one currency, it spends no other.</Text>;
  return (
    <Table label="Spend limits" heads={['Currency', 'At once', 'This hour', 'Today', 'This month', 'May go to', ...(change === undefined ? [] : ['Change'])]}>
      {rules.map((rule) => (
        <Row key={rule.currency}>
          <Cell><b>{rule.currency}</b></Cell>
          <Cell label="At once">{rule.perTransaction ?? <Any />}</Cell>
          <Cell label="This hour"><Window most={rule.perHour} {...rule.used.perHour} /></Cell>
          <Cell label="Today"><Window most={rule.perDay} {...rule.used.perDay} /></Cell>
          <Cell label="This month"><Window most={rule.perMonth} {...rule.used.perMonth} /></Cell>
          <Cell label="May go to"><Places of={rule} /></Cell>
          {change !== undefined && <Cell label="Change"><Button variant="default" size="compact-sm" aria-label={`Change the limits of ${rule.currency}`} onClick={() => change(rule)}>Change</Button></Cell>}
        </Row>
      ))}
    </Table>
  );
}

const Any = () => <Text span inherit c="dimmed">no limit</Text>;

/* Amounts are shown as they are, digit by digit: a browser's numbers would round them. */
function Window({ most, used, left, endsAt }: { most: string | null } & SpendRule['used']['perHour']) {
  if (most === null) return <><Any /><span className={quietClass}>{used} used</span></>;
  return <>{left} of {most} left<span className={quietClass}>anew <Moment at={endsAt} /></span></>;
}

function Places({ of: { destinations, prefixes } }: { of: SpendRule }) {
  if (destinations.length + prefixes.length === 0) return <Text span inherit c="dimmed">anywhere</Text>;
  return <span className={classes.places}>{[...destinations, ...prefixes.map((prefix) => `${prefix}…`)].map((place) => <bdi key={place}>{place}</bdi>)}</span>;
}
