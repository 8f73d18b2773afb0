// happened.tsx - the newest that was done with a key, or to it.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { keyEventsQuery, type Event } from '../api/keys';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { reasonName } from '../parts/words';
import { Maker } from '../people/maker';
import classes from './key_page.module.css';

const NEWEST = 10;

export function Happened({ id }: { id: string }) {
  const events = useQuery(keyEventsQuery(id, NEWEST));
  return (
    <Section title="Recent events" aside={<Anchor component={Link} href={`/activity?key=${id}`} size="sm">All of its activity</Anchor>}>
      {events.data === undefined && (events.error === null ? <Coming what="Loading events" /> : <Failed error={events.error} retry={() => void events.refetch()} />)}
      {events.data?.length === 0 && <Nothing title="Nothing yet">A request with this key appears here a moment after it was decided.</Nothing>}
      {events.data !== undefined && events.data.length > 0 && <ul className={classes.events}>{events.data.map((event, i) => <Line key={event.request_id ?? `${event.time} ${i}`} of={event} />)}</ul>}
    </Section>
  );
}

function Line({ of: event }: { of: Event }) {
  return (
    <li>
      <Moment at={event.time} form="ago" />
      {event.kind === 'change' ? <Change of={event} /> : <Attempt of={event} />}
    </li>
  );
}

function Attempt({ of: event }: { of: Event }) {
  const what = event.verdict === 'allow' ? 'Allowed' : 'Denied';
  const times = event.count !== undefined && event.count > 1 ? `${event.count} times` : '';
  return (
    <>
      <span className={classes.verdict} data-verdict={event.verdict}>{event.verdict === undefined ? times : what} {event.status}</span>
      <span>
        <span className={classes.path}>{event.method} {event.path}</span>
        <Text size="sm" c="dimmed" component="span" display="block">
          {[event.verdict === 'deny' && reasonName(event.reason ?? ''), event.source !== undefined && `from ${event.source}`, event.token_id !== undefined && `by its token ${event.token_id}`, event.proved === false && 'secret not shown'].filter(Boolean).join(', ')}
          {event.request_id !== undefined && <>{' '}<Anchor component={Link} underline="always" href={`/activity/${event.request_id}`} aria-label={`Explain request ${event.request_id}`}>explain</Anchor></>}
        </Text>
      </span>
    </>
  );
}

function Change({ of: event }: { of: Event }) {
  return (
    <>
      <span className={classes.verdict}>{event.version === 1 ? 'Made' : 'Changed'}</span>
      <Text size="sm" c="dimmed" component="span">version {event.version}, by <Maker by={event.actor} /></Text>
    </>
  );
}
