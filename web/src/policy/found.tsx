// found.tsx - what a dry run found: who would have been refused, who would not be any more, and what cannot be told.
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { DryRun } from '../api/policy';
import { ToneMark } from '../activity/mark';
import { Moment } from '../parts/moment';
import classes from './trial.module.css';

type Callers = DryRun['refused'];

export function Found({ in: found }: { in: DryRun }) {
  const isSafe = found.refused.requests === 0;
  return (
    <>
      <div className={classes.said} data-verdict={isSafe ? 'allow' : 'deny'}>
        <ToneMark tone={isSafe ? 'allowed' : 'denied'} size={22} />
        <Stack gap="xs">
          <Text fw={600}>{isSafe ? 'Nobody who was allowed would have been refused' : `${count(found.refused.requests, 'request')} that ${found.refused.requests === 1 ? 'was' : 'were'} allowed would have been refused`}</Text>
          <Who of={found.refused} />
          {found.allowed.requests > 0 && <Text size="sm">{count(found.allowed.requests, 'request')} that {found.allowed.requests === 1 ? 'was' : 'were'} refused would pass:</Text>}
          <Who of={found.allowed} />
        </Stack>
      </div>
      <Text size="xs" c="dimmed">
        {count(found.requests, 'request')} since <Moment at={found.lookedFrom} /> tried{!found.complete && ', no further back: there is too much'}. {notJudged(found)}Judged are method, path and what each key may do today; not addresses, limits or states.
      </Text>
    </>
  );
}

function count(n: number, what: string): string {
  return `${n.toLocaleString()} ${what}${n === 1 ? '' : 's'}`;
}

function notJudged({ notJudged: { cutPath, noKeyAsked, keyGone, counted } }: DryRun): string {
  const n = cutPath + noKeyAsked + keyGone + counted;
  return n === 0 ? '' : `Of ${count(n, 'request')} it cannot be told. `;
}

function Who({ of: { callers, otherRequests } }: { of: Callers }) {
  return (
    <>
      {callers.map((caller) => (
        <div key={caller.keyId ?? ''}>
          <Text size="sm">
            {caller.keyId === null ? 'Without a key' : <Anchor component={Link} href={`/keys/${caller.keyId}`} size="sm"><bdi>{caller.keyName ?? caller.keyId}</bdi></Anchor>}: {count(caller.requests, 'request')} from {caller.sources}{caller.moreSources && ' or more'} {caller.sources === 1 ? 'address' : 'addresses'}
          </Text>
          {caller.routes.map(({ method, path, requests }) => <Text key={`${method} ${path}`} className={classes.mono}>{requests.toLocaleString()} × {method} {path}</Text>)}
          {caller.otherRequests > 0 && <Text size="sm" c="dimmed">and {count(caller.otherRequests, 'request')} for other paths</Text>}
        </div>
      ))}
      {otherRequests > 0 && <Text size="sm" c="dimmed">and {count(otherRequests, 'request')} of further callers</Text>}
    </>
  );
}
