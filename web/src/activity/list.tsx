// list.tsx - records under the days they belong to, newest first.
import type { RecordLine } from '../api/events';
import { Line } from './line';
import classes from './line.module.css';
import { identityOf } from './words';

const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });

function byDay(lines: RecordLine[]): [string, RecordLine[]][] {
  const days = new Map<string, RecordLine[]>();
  for (const line of lines) {
    const name = day.format(new Date(line.time));
    days.set(name, [...(days.get(name) ?? []), line]);
  }
  return [...days];
}

export function RecordList({ lines, showsAccount }: { lines: RecordLine[]; showsAccount: boolean }) {
  return (
    <div>
      {byDay(lines).map(([name, ofDay]) => (
        <section key={name} aria-label={name}>
          <h2 className={classes.day}>{name}</h2>
          <ul className={classes.list}>
            {ofDay.map((line) => (
              <Line key={identityOf(line)} line={line} showsAccount={showsAccount} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
