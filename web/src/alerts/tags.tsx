// tags.tsx - how grave an alert is, and how it stands, each as a word with a sign of its own.
import type { AlertState, Severity } from '../api/alerts';
import { Tag } from '../parts/tag';
import classes from './tags.module.css';
import { rankOf, severities, stateNames } from './words';

/** As many bars are filled as it is grave: the colour only repeats it. */
export function SeverityTag({ value }: { value: Severity }) {
  const rank = rankOf(value);
  return (
    <span className={classes.severity} data-severity={value}>
      <svg width="15" height="12" viewBox="0 0 15 12" aria-hidden>
        {severities.map((severity, i) => <rect key={severity.value} x={i * 4} y={9 - i * 3} width="3" height={3 + i * 3} data-on={i <= rank || undefined} />)}
      </svg>
      {severities[rank]?.name ?? value}
    </span>
  );
}

const tones = { open: 'open', acknowledged: 'good', resolved: 'over' } as const;

export function AlertStateTag({ value }: { value: AlertState }) {
  return <Tag tone={tones[value]}>{stateNames[value]}</Tag>;
}
