// age.tsx - how old a key's secret is, measured against the days after which it is to be rotated.
import { Text } from '@mantine/core';
import type { Key } from '../api/keys';
import { daysUntil } from '../parts/moment';
import classes from './age.module.css';
import { isDead } from './state';

const SOON_DAYS = 30;

function days(n: number): string {
  return n === 1 ? '1 day' : `${n} days`;
}

/** "due in 12 days", "overdue by 3 days". */
function dueIn(left: number): string {
  if (left >= 1) return `due in ${days(left)}`;
  return left === 0 ? 'due today' : `overdue by ${days(-left)}`;
}

export function Age({ of: key }: { of: Key }) {
  if (isDead(key.state)) return <Text inherit span c="dimmed" fz={13}>over</Text>;
  if (key.rotationDue === null) return <Text inherit span c="dimmed" fz={13}>no rotation</Text>;
  const left = daysUntil(key.rotationDue);
  const share = Math.min(1, Math.max(0, 1 - left / key.rotationDays));
  const due = left < 0 ? 'over' : left <= Math.min(SOON_DAYS, key.rotationDays / 3) ? 'soon' : undefined;
  return (
    <div className={classes.age} data-due={due}>
      <span className={classes.track} aria-hidden><span className={classes.fill} style={{ width: `${share * 100}%` }} /></span>
      {dueIn(left)}
    </div>
  );
}
