// sessions.tsx - where one is signed in, and ending it there.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { sessionsQuery, useEndSessions, type OneSession } from '../api/me';
import { Moment } from '../parts/moment';
import { Coming, Failed } from '../parts/states';
import { Tag } from '../parts/tag';
import { agentName } from './agent';
import classes from './sessions.module.css';

export function Sessions() {
  const read = useQuery(sessionsQuery);
  const end = useEndSessions();
  if (read.data === undefined) return read.error === null ? <Coming rows={3} what="Loading your sessions" /> : <Failed error={read.error} retry={() => void read.refetch()} />;
  const others = read.data.filter((session) => !session.current).map((session) => session.id);
  return (
    <Stack>
      <ul className={classes.list} aria-label="Your sessions">
        {[...read.data].sort((a, b) => Number(b.current) - Number(a.current) || b.seenAt.localeCompare(a.seenAt)).map((session) => <One key={session.id} of={session} isBusy={end.isPending} end={() => end.mutate([session.id])} />)}
      </ul>
      {end.error !== null && <Failed error={end.error} />}
      {others.length > 0 && <div><Button variant="default" loading={end.isPending} onClick={() => end.mutate(others)}>End all other sessions</Button></div>}
      <Text size="sm" c="dimmed">A session ends 15 minutes after its last use, and 12 hours after it began.</Text>
    </Stack>
  );
}

function One({ of: session, end, isBusy }: { of: OneSession; end: () => void; isBusy: boolean }) {
  const name = agentName(session.agent);
  return (
    <li className={classes.one}>
      <div>
        <Group gap="xs"><Text fw={600} title={session.agent}>{name}</Text>{session.current && <Tag tone="good">This one</Tag>}</Group>
        <Text size="sm" c="dimmed">
          From <bdi>{session.source}</bdi> · began <Moment at={session.createdAt} form="ago" /> · last seen <Moment at={session.seenAt} form="ago" />
        </Text>
      </div>
      {!session.current && <Button variant="light" color="brick" size="compact-sm" disabled={isBusy} onClick={end} aria-label={`End the session of ${name} from ${session.source}`}>End</Button>}
    </li>
  );
}
