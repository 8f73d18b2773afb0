// history.tsx - the steps of an alert, the newest first: what, by whom, and what was said with it.
import type { AlertWhole } from '../api/alerts';
import { Moment } from '../parts/moment';
import { Maker } from '../people/maker';
import classes from './page.module.css';
import { stepName } from './words';

export function History({ of: alert }: { of: AlertWhole }) {
  const { history } = alert;
  return (
    <ol className={classes.history}>
      {history.map((step, i) => (
        <li key={history.length - i}>
          <span className={classes.step}>{stepName(alert, i)}</span>
          <span className={classes.quiet}>by <Maker by={step.by} />, <Moment at={step.at} form="ago" /></span>
          {step.note !== null && <bdi className={classes.note}>{step.note}</bdi>}
        </li>
      ))}
    </ol>
  );
}
