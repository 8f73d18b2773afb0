// fields.tsx - all that the record holds of one thing, sorted by what it is about.
import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { RecordLine } from '../api/events';
import { CopyButton } from '../parts/copy';
import { EnvironmentTag } from '../parts/environment';
import { Moment } from '../parts/moment';
import type { Environment } from '../parts/words';
import { activityHref } from './asked';
import classes from './fields.module.css';
import { Maker } from '../people/maker';
import { KeyId } from './who';
import { isSpend } from './spending';
import { isOfKey, objectHref, summaryOf } from './words';

type Row = [label: string, value: ReactNode] | false | undefined;

export function Rows({ title, rows }: { title?: string; rows: Row[] }) {
  const there = rows.filter((row): row is [string, ReactNode] => row !== undefined && row !== false && row[1] !== undefined && row[1] !== '');
  if (there.length === 0) return null;
  return (
    <div className={classes.group}>
      {title !== undefined && <h3 className={classes.title}>{title}</h3>}
      <dl className={classes.rows}>
        {there.map(([label, value]) => (
          <div key={label} className={classes.row}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const mono = (value: unknown) => (value === undefined ? undefined : <span className={classes.mono}>{String(value)}</span>);
const yes = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'Yes' : 'No');

function Source({ line }: { line: RecordLine }) {
  return (
    <>
      <span className={classes.mono}>{line.source}</span>{' '}
      <Anchor component={Link} href={activityHref({ source: line.source })} size="sm">all from this address</Anchor>
    </>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <>
      <span className={classes.mono}>{id}</span> <CopyButton text={id} what="the request id" size="compact-xs" />
    </>
  );
}

function Account({ id }: { id: string }) {
  return <Anchor component={Link} href={`/accounts/${encodeURIComponent(id)}`} className={classes.mono}>{id}</Anchor>;
}

/* The state after the change, member by member, as the record holds it. */
function shown(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function ChangeFields({ line }: { line: RecordLine }) {
  const href = objectHref(line);
  const name = line.object_id ?? line.object_kind ?? '';
  const text = typeof line.summary === 'string' ? line.summary : undefined;
  return (
    <>
      <Rows
        title="Change"
        rows={[
          ['Of', href === undefined ? mono(name) : <Anchor component={Link} href={href} className={classes.mono}>{name}</Anchor>],
          ['By', <Maker by={line.actor} />],
          ['Time', <Moment at={line.time} />],
          line.account !== undefined && ['Account', <Account id={line.account} />],
          ['Version', line.version],
        ]}
      />
      <Rows title="As it is after that" rows={text === undefined ? Object.entries(summaryOf(line)).map(([key, value]) => [key, <span className={classes.value}>{shown(value)}</span>]) : [['summary', text]]} />
      <PlaceFields line={line} />
    </>
  );
}

function RequestFields({ line }: { line: RecordLine }) {
  const policy = line.policy_version === 0 ? 'none was in force' : line.route === 0 ? `version ${line.policy_version} does not list it` : `version ${line.policy_version}, line ${line.route}`;
  return (
    <Rows
      title="Request"
      rows={[
        ['Method', mono(line.method)],
        ['Path', mono(line.path)],
        line.environment !== undefined && ['Host of', <EnvironmentTag value={line.environment as Environment} />],
        ['Class', line.class],
        line.policy_version !== undefined && ['Policy', policy],
        line.status !== undefined && line.status > 0 && ['Answered', mono(line.status)],
        line.limit !== undefined && ['Limit', line.limit],
        ['TLS', yes(line.tls)],
        ['Loopback', line.loopback ? 'Yes' : undefined],
        ['From a browser', yes(line.browser)],
        line.latency_ns !== undefined && ['Decided in', `${(line.latency_ns / 1000).toLocaleString()} µs`],
      ]}
    />
  );
}

function CallerFields({ line }: { line: RecordLine }) {
  const environment = (line.environment ?? 'production') as Environment;
  return (
    <Rows
      title="Caller"
      rows={[
        line.key_id !== undefined && ['Key', <KeyId id={line.key_id} environment={environment} isProved={line.proved === true || isOfKey(line)} />],
        line.token_id !== undefined && ['Came with', <>{line.proved === true ? 'A token of the family ' : 'What claims to be a token of the family '}{mono(line.token_id)}</>],
        line.key_id !== undefined && line.kind === 'leak' && ['Leaked', line.old_secret ? 'The secret that is being rotated out' : 'The current secret'],
        line.key_id !== undefined && !isOfKey(line) && ['Secret', line.proved === true ? (line.old_secret ? 'Proved, with the one being rotated out' : 'Proved') : 'Not proved'],
        line.account !== undefined && ['Account', <Account id={line.account} />],
        line.kind === 'read' && ['Read by', <Maker by={line.actor} />],
        line.filter !== undefined && ['Asked for', <bdi className={classes.value}>{line.filter}</bdi>],
        line.email !== undefined && ['E-mail', <bdi>{line.email}</bdi>],
        line.member !== undefined && ['Member', <Anchor component={Link} href={`/members/${encodeURIComponent(line.member)}`} className={classes.mono}>{line.member}</Anchor>],
        line.token !== undefined && ['Token', mono(line.token)],
        line.source !== undefined && ['Address', <Source line={line} />],
        line.agent !== undefined && ['User agent', <bdi className={classes.value}>{line.agent}</bdi>],
        line.key_version !== undefined && line.key_version > 0 && ['Version of the key', line.key_version],
        line.generation !== undefined && line.generation > 0 && ['Generation of the secret', line.generation],
      ]}
    />
  );
}

function SpendFields({ line }: { line: RecordLine }) {
  const money = (amount: string | undefined) => amount !== undefined && mono(`${amount} ${line.currency ?? ''}`);
  return (
    <Rows
      title="Spend"
      rows={[
        ['Amount', money(line.amount)],
        ['Committed', money(line.committed)],
        ['To', line.destination !== undefined && <bdi className={classes.value}>{line.destination}</bdi>],
        ['Reference', line.reference !== undefined && <bdi className={classes.value}>{line.reference}</bdi>],
        line.reservation !== undefined && ['Reservation', mono(line.reservation)],
        ['Asked by', <Maker by={line.actor} />],
      ]}
    />
  );
}

function PlaceFields({ line }: { line: RecordLine }) {
  return (
    <Rows
      title="Place"
      rows={[
        line.request_id !== undefined && ['Request', <RequestId id={line.request_id} />],
        line.count !== undefined && line.count !== 1 && ['Stands for', line.count === 0 ? 'nobody can tell how many' : `${line.count.toLocaleString()} of them`],
        line.by !== undefined && ['Reported by', line.by === 'github' ? 'GitHub, signed' : 'anybody'],
        line.url !== undefined && ['Found at', <bdi className={classes.value}>{line.url}</bdi>],
        ['Note', line.note],
        line.batch !== undefined && ['Batch', mono(`${line.batch}, record ${line.record}`)],
        line.change !== undefined && ['Entry of the change log', mono(line.change)],
        line.ring !== undefined && ['Ring', mono(`${line.ring}, position ${line.position}`)],
      ]}
    />
  );
}

export function Fields({ line }: { line: RecordLine }) {
  if (line.kind === 'change') return <div className={classes.fields}><ChangeFields line={line} /></div>;
  return (
    <div className={classes.fields}>
      {line.method !== undefined && <RequestFields line={line} />}
      <CallerFields line={line} />
      {isSpend(line) && <SpendFields line={line} />}
      <PlaceFields line={line} />
      {line.kind === 'summary' && <Text size="sm" c="dimmed">There were too many to record one by one.</Text>}
    </div>
  );
}
