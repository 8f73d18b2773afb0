// happened.tsx - the newest that was done with a key, or to it.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { detailOf, titleOf, toneOf } from '../activity/words';
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
      <What of={event} />
    </li>
  );
}

function What({ of: event }: { of: Event }) {
  if (event.kind === 'change') return <Change of={event} />;
  return event.kind === 'decision' || event.kind === 'summary' ? <Attempt of={event} /> : <Other of={event} />;
}

/* Money that was to move, leaks, warnings: in the words of the page of all activity. */
function Other({ of: event }: { of: Event }) {
  const tone = toneOf(event);
  return (
    <>
      <span className={classes.verdict} data-verdict={tone === 'allowed' ? 'allow' : tone === 'denied' ? 'deny' : undefined}>{titleOf(event)}</span>
      <Text size="sm" c="dimmed" component="span"><bdi className={classes.place}>{detailOf(event)}</bdi> <Explained of={event} /></Text>
    </>
  );
}

function Explained({ of: { request_id: id } }: { of: Event }) {
  return id !== undefined && <Anchor component={Link} underline="always" href={`/activity/${id}`} aria-label={`Explain request ${id}`}>explain</Anchor>;
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
          {' '}<Explained of={event} />
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
