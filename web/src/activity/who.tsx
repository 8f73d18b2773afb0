// who.tsx - whose record it is: the key with its cut, or the person; a key that was only claimed says so.
import { Anchor, Tooltip } from '@mantine/core';
import { Link } from 'wouter';
import type { RecordLine } from '../api/events';
import { Maker } from '../people/maker';
import { KeyCut } from '../parts/key_cut';
import type { Environment } from '../parts/words';
import classes from './line.module.css';
import { isOfKey } from './words';

export function KeyId({ id, environment, isProved }: { id: string; environment: Environment; isProved: boolean }) {
  return (
    <span className={classes.key}>
      <KeyCut id={id} environment={environment} isDead={!isProved} size={0.72} />
      <Anchor component={Link} href={`/keys/${encodeURIComponent(id)}`} className={classes.id}>{id}</Anchor>
      {!isProved && <Claimed what="key" />}
    </span>
  );
}

function Claimed({ what }: { what: 'key' | 'token' }) {
  return (
    <Tooltip label={`Whoever sent this named that ${what}, and did not prove its secret: it may be anybody`}>
      <span className={classes.claimed} tabIndex={0}>claimed</span>
    </Tooltip>
  );
}

/* A token stands in for its key; one that is not known names no key. */
function Caller({ line }: { line: RecordLine }) {
  const isProved = line.proved === true || isOfKey(line);
  if (line.key_id === undefined) return <span className={classes.key}>token <span className={classes.id}>{line.token_id}</span> <Claimed what="token" /></span>;
  return (
    <>
      <KeyId id={line.key_id} environment={(line.environment ?? 'production') as Environment} isProved={isProved} />
      {line.token_id !== undefined && <span className={classes.account}>by its token {line.token_id}</span>}
    </>
  );
}

export function Who({ line }: { line: RecordLine }) {
  if (line.kind === 'change' || line.kind === 'read') return <span>by <Maker by={line.actor} /></span>;
  if (line.key_id !== undefined || line.token_id !== undefined) return <Caller line={line} />;
  if (line.email !== undefined) return <bdi className={classes.text}>{line.email}</bdi>;
  if (line.token !== undefined) return <span>token <span className={classes.id}>{line.token}</span></span>;
  if (line.member !== undefined) return <Anchor component={Link} href={`/members/${encodeURIComponent(line.member)}`} className={classes.id}>{line.member}</Anchor>;
  return <span className={classes.quiet}>{line.kind === 'decision' ? 'no key' : 'nobody known'}</span>;
}
