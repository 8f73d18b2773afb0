// reasons.tsx - what was denied, by its reason: each leads to the attempts that it refused.
import { Text } from '@mantine/core';
import { Link } from 'wouter';
import { activityHref, type Asked } from '../activity/asked';
import type { Usage } from '../api/usage';
import { reasonName } from '../parts/words';
import classes from './reasons.module.css';

/** `of` is what the activity is narrowed to besides the reason. */
export function Reasons({ usage: { reasons }, of }: { usage: Pick<Usage, 'reasons'>; of: Asked }) {
  if (reasons.length === 0) return <Text c="dimmed">Nothing was denied in this time.</Text>;
  const most = Math.max(...reasons.map(({ count }) => count));
  return (
    <ul className={classes.reasons}>
      {reasons.map(({ reason, count }) => (
        <li key={reason}>
          <Link href={activityHref({ ...of, reason })} className={classes.reason}>
            <span><span className={classes.name}>{reasonName(reason)}</span> <span className={classes.code}>{reason}</span></span>
            <span className={classes.count}>{count.toLocaleString()}</span>
            <span className={classes.track} aria-hidden><span style={{ width: `${Math.max(1, (count / most) * 100)}%` }} /></span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
