// age.tsx - how old a key's secret is, measured against the days after which it is to be rotated.
import { Text } from '@mantine/core';
import type { Key } from '../api/keys';
import classes from './age.module.css';
import { isDead } from './state';

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

export function days(n: number): string {
  return n === 1 ? '1 day' : `${n} days`;
}

/** "due in 12 days", "overdue by 3 days". */
function dueIn(left: number): string {
  const whole = Math.round(Math.abs(left));
  if (whole === 0) return left < 0 ? 'overdue since today' : 'due today';
  return left < 0 ? `overdue by ${days(whole)}` : `due in ${days(whole)}`;
}

export function Age({ of: key }: { of: Key }) {
  if (isDead(key.state)) return <Text inherit span c="dimmed" fz={13}>ended</Text>;
  if (key.rotationDue === null) return <Text inherit span c="dimmed" fz={13}>no rotation</Text>;
  const left = (Date.parse(key.rotationDue) - Date.now()) / DAY_MS;
  const share = Math.min(1, Math.max(0, 1 - left / key.rotationDays));
  const due = left < 0 ? 'over' : left <= Math.min(SOON_DAYS, key.rotationDays / 3) ? 'soon' : undefined;
  return (
    <div className={classes.age} data-due={due}>
      <span className={classes.track} aria-hidden><span className={classes.fill} style={{ width: `${share * 100}%` }} /></span>
      {dueIn(left)}
    </div>
  );
}
