// one.tsx - one alert: what shows it, what was done to its key, and what people did about it.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { alertQuery, type AlertWhole } from '../api/alerts';
import { Refusal } from '../api/problem';
import { EnvironmentTag } from '../parts/environment';
import { Facts } from '../parts/facts';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import type { Environment } from '../parts/words';
import { Done } from './done';
import { Evidence } from './evidence';
import { History } from './history';
import classes from './page.module.css';
import { Subject } from './subject';
import { TakeOn } from './take_on';
import { AlertStateTag, SeverityTag } from './tags';
import { detectorName, severities, titleOf } from './words';

export default function OneAlert() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(alertQuery(id));
  if (data !== undefined) return <Shown key={id} of={data} />;
  if (error instanceof Refusal && (error.status === 404 || error.status === 400)) return <NoSuchAlert />;
  return <Page title="Alert">{error === null ? <Coming rows={8} what="Loading the alert" /> : <Failed error={error} retry={() => void refetch()} />}</Page>;
}

function NoSuchAlert() {
  return (
    <Page title="No such alert">
      <Nothing title="There is no alert with this id" action={<Anchor component={Link} href="/alerts">All alerts</Anchor>}>
        It may have been mistyped, or belong to another account.
      </Nothing>
    </Page>
  );
}

function Shown({ of: alert }: { of: AlertWhole }) {
  return (
    <Page title={titleOf(alert)} lead={<Under of={alert} />}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Section title="What was found"><About of={alert} /></Section>
          <Section title="What to do" aside={alert.keyId !== null && <Anchor component={Link} href={`/keys/${alert.keyId}`} size="sm">Disable, freeze or rotate the key</Anchor>}><Text size="sm">{alert.advice}</Text></Section>
          <Section title="What shows it" aside={alert.requestId !== null && <Anchor component={Link} href={`/activity/${alert.requestId}`} size="sm">The last request of it</Anchor>}><Evidence of={alert} /></Section>
          <Done of={alert} />
        </div>
        <div className={classes.column}>
          <TakeOn of={alert} />
          <Section title="History"><History of={alert} /></Section>
        </div>
      </div>
    </Page>
  );
}

function Under({ of: alert }: { of: AlertWhole }) {
  return (
    <div className={classes.under}>
      <SeverityTag value={alert.severity} />
      <AlertStateTag value={alert.state} />
      <span>found <Moment at={alert.foundAt} form="ago" /></span>
      <Anchor component={Link} href="/alerts" size="sm">All alerts</Anchor>
    </div>
  );
}

type Fact = [name: string, value: ReactNode];

function About({ of: alert }: { of: AlertWhole }) {
  const soon = severities.find(({ value }) => value === alert.severity)?.soon;
  return (
    <Facts
      of={[
        ['About', <Subject of={alert} />],
        ...(alert.environment === null ? [] : [['Environment', <EnvironmentTag value={alert.environment as Environment} />] as Fact]),
        ['Account', alert.account === null ? 'The whole installation' : <Anchor component={Link} href={`/accounts/${encodeURIComponent(alert.account)}`} className={classes.mono}>{alert.account}</Anchor>],
        ['Found by', <>{detectorName(alert.detector)} <span className={classes.code}>{alert.detector}</span></>],
        ['Look at it', soon],
        ['First sign', <Moment at={alert.beganAt} />],
        ['Found', <Moment at={alert.foundAt} />],
        ...(alert.times === 1 ? [] : [['Found again', <>{alert.times.toLocaleString()} times in all, last <Moment at={alert.lastAt} /></>] as Fact]),
      ]}
    />
  );
}
