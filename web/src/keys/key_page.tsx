// key_page.tsx - one key: what it may do, how it is used, what happened to it, and how it is changed or ended.
import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { AlertsOfKey } from '../alerts/sections';
import { keyQuery, type Key } from '../api/keys';
import { Refusal } from '../api/problem';
import { useMay } from '../api/session';
import { CopyButton } from '../parts/copy';
import { EnvironmentTag } from '../parts/environment';
import { KeyCut } from '../parts/key_cut';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { AccessTokens } from './access_tokens';
import { Advice } from './advice';
import { Tag } from '../parts/tag';
import { BrowserUse } from './browser_use';
import { Deeds } from './deeds';
import { Happened } from './happened';
import classes from './key_page.module.css';
import { Rights } from './rights';
import { Rotation } from './rotation';
import { Spend } from './spend';
import { isDead, StateTag } from './state';
import { Use } from './use';

export default function KeyPage() {
  const { id = '' } = useParams<{ id: string }>();
  const key = useQuery(keyQuery(id));
  if (key.data !== undefined) return <Shown key={id} of={key.data} />;
  if (key.error === null) return <Page title="Key"><Coming rows={8} what="Loading the key" /></Page>;
  if (key.error instanceof Refusal && (key.error.status === 404 || key.error.status === 400)) return <NoSuchKey />;
  return <Page title="Key"><Failed error={key.error} retry={() => void key.refetch()} /></Page>;
}

function NoSuchKey() {
  return (
    <Page title="No such key">
      <Nothing title="There is no key with this id" action={<Anchor component={Link} href="/keys">All keys</Anchor>}>
        It may have been mistyped, or belong to another account.
      </Nothing>
    </Page>
  );
}

function Shown({ of: key }: { of: Key }) {
  const maySeeEvents = useMay('events:read');
  return (
    <Page title={key.name} heading={<Named of={key} />} lead={<Under of={key} />} actions={<Deeds of={key} />}>
      <Ended of={key} />
      {maySeeEvents && <BrowserUse id={key.id} />}
      <div className={classes.columns}>
        <Rights of={key} />
        {maySeeEvents && <Use of={key} />}
      </div>
      {maySeeEvents && <AlertsOfKey id={key.id} />}
      {maySeeEvents && <Rotation of={key} />}
      <Spend of={key} />
      <AccessTokens of={key} />
      {maySeeEvents && <Advice of={key} />}
      {maySeeEvents && <Happened id={key.id} />}
    </Page>
  );
}

function Named({ of: key }: { of: Key }) {
  return (
    <span className={classes.named}>
      <KeyCut id={key.id} environment={key.environment} isDead={isDead(key.state)} size={1.7} />
      <bdi className={classes.name}>{key.name}</bdi>
    </span>
  );
}

function Under({ of: key }: { of: Key }) {
  return (
    <div className={classes.under} style={{ marginTop: 8 }}>
      <EnvironmentTag value={key.environment} />
      <StateTag value={key.state} />
      {key.frozen !== 'nothing' && <Tag tone="open">{key.frozen === 'all' ? 'Frozen' : 'Transactions frozen'}</Tag>}
      <span className={classes.masked}>{key.masked}</span>
      <CopyButton text={key.id} what="the id" size="compact-xs" />
    </div>
  );
}

function Ended({ of: key }: { of: Key }) {
  if (key.state === 'revoked')
    return <Alert color="brick" variant="light" role="status" title="Revoked">Every request with this key gets 401, for good. Its record stays.</Alert>;
  if (key.state === 'expired')
    return <Alert color="brick" variant="light" role="status" title="Expired">Its time is over: every request with this key gets 401, for good. Make another where it is still needed.</Alert>;
  if (key.state === 'disabled')
    return <Alert color="gray" variant="light" role="status" title="Disabled"><Text inherit>Every request with this key gets 401 until it is enabled again.</Text></Alert>;
  return null;
}
