// lines.tsx - a few alerts, a line for each, for a page that is about something else.
import { Link } from 'wouter';
import type { Alert } from '../api/alerts';
import { Moment } from '../parts/moment';
import classes from './lines.module.css';
import { Subject } from './subject';
import { AlertStateTag, SeverityTag } from './tags';
import { titleOf } from './words';

/** `shows` is what of each is not said by the page already. */
export function AlertLines({ alerts, shows }: { alerts: Alert[]; shows: 'subject' | 'state' }) {
  return (
    <ul className={classes.list}>
      {alerts.map((alert) => (
        <li key={alert.id} className={classes.line}>
          <SeverityTag value={alert.severity} />
          <div className={classes.text}>
            <Link href={`/alerts/${alert.id}`} className={classes.title}>{titleOf(alert)}</Link>
            <div className={classes.under}>{shows === 'state' ? <AlertStateTag value={alert.state} /> : <Subject of={alert} />}</div>
          </div>
          <span className={classes.when}><Moment at={alert.foundAt} form="ago" /></span>
        </li>
      ))}
    </ul>
  );
}
