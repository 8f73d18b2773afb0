// list.tsx - the table of alerts; where it is narrow, a card for each.
import { memo } from 'react';
import { Link } from 'wouter';
import type { Alert } from '../api/alerts';
import { useMay } from '../api/session';
import { Moment } from '../parts/moment';
import { Cell, quietClass, Row, Table } from '../parts/table';
import classes from './page.module.css';
import { Subject } from './subject';
import { AlertStateTag, SeverityTag } from './tags';
import { deedName, detectorName, titleOf } from './words';

export function AlertList({ alerts }: { alerts: Alert[] }) {
  const seesAll = useMay('accounts:read');
  return (
    <Table label="Alerts" heads={['Alert', 'About', ...(seesAll ? ['Account'] : []), 'State', 'Found', 'Done']}>
      {alerts.map((alert) => <AlertRow key={alert.id} of={alert} hasAccount={seesAll} />)}
    </Table>
  );
}

const AlertRow = memo(function AlertRow({ of: alert, hasAccount }: { of: Alert; hasAccount: boolean }) {
  return (
    <Row>
      <Cell>
        <div className={classes.alert}>
          <SeverityTag value={alert.severity} />
          <div>
            <Link href={`/alerts/${alert.id}`} className={classes.title}>{titleOf(alert)}</Link>
            <span className={quietClass}>{detectorName(alert.detector)}</span>
          </div>
        </div>
      </Cell>
      <Cell label="About"><div className={classes.about}><Subject of={alert} /></div></Cell>
      {hasAccount && <Cell label="Account">{alert.account ?? <span className={classes.quiet}>all</span>}</Cell>}
      <Cell label="State"><AlertStateTag value={alert.state} /></Cell>
      <Cell label="Found"><span className={classes.when}><Moment at={alert.foundAt} form="ago" /></span>{alert.times > 1 && <span className={quietClass}>{alert.times.toLocaleString()} times</span>}</Cell>
      <Cell label="Done">{deedName(alert)}</Cell>
    </Row>
  );
});
