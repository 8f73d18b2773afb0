// test_now.tsx - waits for the first call with a new key, and says what came of it.
//
// The key is tried from where it will be used: this page never sends it anywhere.
import { Anchor, Button, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { attemptsQuery, type CreatedKey, type Event } from '../api/keys';
import { CodeBlock } from '../parts/copy';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { reasonName } from '../parts/words';
import classes from './made.module.css';
import { curl, type Place } from './samples';

const PATIENCE_MS = 10 * 60_000;

type Props = { made: CreatedKey; place: Place };

export function TestNow({ made, place }: Props) {
  const [isPatient, setPatient] = useState(true);
  const [isThrough, setThrough] = useState(false);
  const seen = useQuery(attemptsQuery(made.id, made.createdAt, isPatient && !isThrough));
  const calls = (seen.data ?? []).filter((event) => event.kind === 'decision');
  const hasPassed = calls.some((call) => call.verdict === 'allow');
  useEffect(() => setThrough(hasPassed), [hasPassed]);
  useEffect(() => {
    if (!isPatient) return undefined;
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isPatient]);
  return (
    <Section title="Test it now">
      <Text size="sm" c="dimmed" mb="sm">Run this where the key will be used. What came of it appears here by itself.</Text>
      <CodeBlock text={curl(place)} what="the test command" />
      <div aria-live="polite">
        {calls.map((call) => <Call key={call.request_id} of={call} />)}
        {!hasPassed && isPatient && <div className={classes.wait}><span className={classes.pulse} aria-hidden /><Text>{calls.length === 0 ? 'Waiting for the first call with this key' : 'Waiting for the next call'}</Text></div>}
      </div>
      {!hasPassed && !isPatient && <div className={classes.wait}><Text>No longer waiting.</Text><Button size="compact-sm" variant="default" onClick={() => setPatient(true)}>Wait again</Button></div>}
      {seen.error !== null && <Failed error={seen.error} />}
    </Section>
  );
}

function milliseconds(ns: number): string {
  return ns < 1_000_000 ? `${Math.round(ns / 1000)} µs` : `${(ns / 1_000_000).toFixed(1)} ms`;
}

function Call({ of: call }: { of: Event }) {
  const isAllowed = call.verdict === 'allow';
  const how = [
    call.source !== undefined && `from ${call.source}`,
    call.method !== undefined && `${call.method} ${call.path ?? ''}`,
    call.latency_ns !== undefined && `decided in ${milliseconds(call.latency_ns)}`,
  ].filter(Boolean);
  return (
    <div className={classes.call} data-verdict={call.verdict}>
      <Text fw={600}>{isAllowed ? 'Allowed: the key works' : `Denied: ${reasonName(call.reason ?? '')}`} <Code>{call.status} {call.reason}</Code></Text>
      <Text size="sm" c="dimmed">{how.join(', ')}</Text>
      <Anchor component={Link} href={`/activity/${call.request_id}`} size="sm">How this came about</Anchor>
    </div>
  );
}
