// one.tsx - one request, or one sign-in: how it came about, and all that the record holds of it.
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { explainQuery, type Explained, type RecordLine } from '../api/events';
import { Refusal } from '../api/problem';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { activityHref } from './asked';
import { Fields } from './fields';
import { ToneMark } from './mark';
import classes from './one.module.css';
import { DecisionPath } from './path';
import { readSteps } from './steps';
import { codeOf, detailOf, titleOf, toneOf } from './words';

export default function OneRequest() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(explainQuery(id));
  if (error instanceof Refusal && (error.status === 404 || error.status === 400)) return <NotThere id={id} />;
  if (error !== null) return <Page title="One request"><Failed error={error} retry={() => void refetch()} /></Page>;
  if (data === undefined) return <Page title="One request"><Coming rows={8} /></Page>;
  return <Told key={id} {...data} />;
}

function NotThere({ id }: { id: string }) {
  return (
    <Page title="Not on the record">
      <Nothing title="This request is not on the record" action={<Anchor component={Link} href="/activity">To the activity</Anchor>}>
        <span className={classes.id}>{id}</span> is not here: it may be older than the record is kept, have been counted among many, or belong to another account.
      </Nothing>
    </Page>
  );
}

function verdictOf(line: RecordLine): string {
  if (line.kind !== 'decision') return titleOf(line);
  return line.verdict === 'allow' ? titleOf(line) : `Denied: ${titleOf(line)}`;
}

function Told({ event, explanation }: Explained) {
  const { steps, words } = readSteps(explanation);
  const title = verdictOf(event);
  const heading = (
    <span className={classes.heading}>
      <ToneMark tone={toneOf(event)} size={26} />
      <span>{title}</span>
    </span>
  );
  return (
    <Page title={title} heading={heading} lead={<Lead event={event} />} actions={<Ways event={event} />}>
      <div className={classes.columns}>
        <Section title={steps.length > 0 ? 'How it was decided' : 'What happened'}>
          {steps.length > 0 ? <DecisionPath steps={steps} isAllowed={event.verdict === 'allow'} /> : <Stack gap={6}>{words.map((line) => <Text key={line} className={classes.words}>{line}</Text>)}</Stack>}
        </Section>
        <Section title="On the record"><Fields line={event} /></Section>
      </div>
    </Page>
  );
}

function Lead({ event }: { event: RecordLine }) {
  const detail = event.method === undefined ? detailOf(event) : undefined;
  return (
    <Stack gap={2}>
      <span className={classes.lead}>
        {event.method !== undefined && <span className={classes.asked}><b>{event.method}</b> {event.path}</span>}
        {detail !== undefined && <bdi>{detail}</bdi>}
        <span className={classes.id}>{codeOf(event)}</span>
      </span>
      <Moment at={event.time} />
    </Stack>
  );
}

function Ways({ event }: { event: RecordLine }) {
  return (
    <Group gap="sm">
      {event.key_id !== undefined && <Anchor component={Link} href={activityHref({ key: event.key_id })} size="sm">All with this key</Anchor>}
      {event.source !== undefined && <Anchor component={Link} href={activityHref({ source: event.source })} size="sm">All from this address</Anchor>}
    </Group>
  );
}
