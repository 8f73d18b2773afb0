// list.tsx - the table of keys; where it is narrow, a card for each.
import { memo } from 'react';
import { Link } from 'wouter';
import type { Key } from '../api/keys';
import { EnvironmentTag } from '../parts/environment';
import { KeyCut } from '../parts/key_cut';
import { Moment } from '../parts/moment';
import { Cell, nameClass, quietClass, Row, Table } from '../parts/table';
import { permissionName } from '../parts/words';
import { Age } from './age';
import classes from './list.module.css';
import { isDead, StateTag } from './state';

type Props = { keys: Key[]; hasAccounts: boolean };

export function KeyList({ keys, hasAccounts }: Props) {
  return (
    <Table label="Keys" heads={['Key', ...(hasAccounts ? ['Account'] : []), 'Environment', 'Permissions', 'State', 'Last use', 'Rotation']}>
      {keys.map((key) => <KeyRow key={key.id} of={key} hasAccount={hasAccounts} />)}
    </Table>
  );
}

const KeyRow = memo(function KeyRow({ of: key, hasAccount }: { of: Key; hasAccount: boolean }) {
  return (
    <Row>
      <Cell><Named of={key} /></Cell>
      {hasAccount && <Cell label="Account">{key.account}</Cell>}
      <Cell label="Environment"><EnvironmentTag value={key.environment} /></Cell>
      <Cell label="Permissions">{key.permissions.map(permissionName).join(', ')}</Cell>
      <Cell label="State"><StateTag value={key.state} /></Cell>
      <Cell label="Last use"><LastUse of={key} /></Cell>
      <Cell label="Rotation"><Age of={key} /></Cell>
    </Row>
  );
});

function Named({ of: key }: { of: Key }) {
  return (
    <div className={classes.key}>
      <KeyCut id={key.id} environment={key.environment} isDead={isDead(key.state)} />
      <div>
        <Link href={`/keys/${key.id}`} className={nameClass} data-dead={isDead(key.state) || undefined} title={key.name}><bdi>{key.name}</bdi></Link>
        <span className={classes.masked}>{key.masked}</span>
      </div>
    </div>
  );
}

function LastUse({ of: key }: { of: Key }) {
  return (
    <div className={classes.use}>
      <Moment at={key.lastUsedAt} form="ago" />
      {key.lastUsedFrom !== null && <span className={quietClass}>from {key.lastUsedFrom}</span>}
    </div>
  );
}
