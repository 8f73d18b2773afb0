// list.tsx - the table of keys; where it is narrow, a card for each.
import { memo } from 'react';
import { Link } from 'wouter';
import type { Key } from '../api/keys';
import { EnvironmentTag } from '../parts/environment';
import { KeyCut } from '../parts/key_cut';
import { Moment } from '../parts/moment';
import { permissionName } from '../parts/words';
import { Age } from './age';
import classes from './list.module.css';
import { isDead, StateTag } from './state';

type Props = { keys: Key[]; hasAccounts: boolean };

/** Roles are said, because a table that is laid out as cards is none to a screen reader otherwise. */
export function KeyList({ keys, hasAccounts }: Props) {
  return (
    <table className={classes.list} role="table" aria-label="Keys">
      <thead role="rowgroup">
        <tr role="row">
          <Head>Key</Head>
          {hasAccounts && <Head>Account</Head>}
          <Head>Environment</Head>
          <Head>Permissions</Head>
          <Head>State</Head>
          <Head>Last use</Head>
          <Head>Rotation</Head>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {keys.map((key) => <Row key={key.id} of={key} hasAccount={hasAccounts} />)}
      </tbody>
    </table>
  );
}

function Head({ children }: { children: string }) {
  return <th role="columnheader" scope="col">{children}</th>;
}

const Row = memo(function Row({ of: key, hasAccount }: { of: Key; hasAccount: boolean }) {
  return (
    <tr role="row">
      <td role="cell"><Named of={key} /></td>
      {hasAccount && <td role="cell" data-label="Account">{key.account}</td>}
      <td role="cell" data-label="Environment"><span><EnvironmentTag value={key.environment} /></span></td>
      <td role="cell" data-label="Permissions">{key.permissions.map(permissionName).join(', ')}</td>
      <td role="cell" data-label="State"><StateTag value={key.state} /></td>
      <td role="cell" data-label="Last use"><LastUse of={key} /></td>
      <td role="cell" data-label="Rotation"><Age of={key} /></td>
    </tr>
  );
});

function Named({ of: key }: { of: Key }) {
  return (
    <div className={classes.key}>
      <KeyCut id={key.id} environment={key.environment} isDead={isDead(key.state)} />
      <div>
        <Link href={`/keys/${key.id}`} className={classes.name} data-dead={isDead(key.state) || undefined} title={key.name}><bdi>{key.name}</bdi></Link>
        <span className={classes.masked}>{key.masked}</span>
      </div>
    </div>
  );
}

function LastUse({ of: key }: { of: Key }) {
  return (
    <div className={classes.use}>
      <Moment at={key.lastUsedAt} form="ago" />
      {key.lastUsedFrom !== null && <span className={classes.quiet}>from {key.lastUsedFrom}</span>}
    </div>
  );
}
