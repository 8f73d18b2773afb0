// live.tsx - the record as it grows: new lines come in above, and wait behind a button while somebody reads.
import { Button, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Filter } from '../api/events';
import { told } from '../api/problem';
import { Coming, Nothing } from '../parts/states';
import { RecordList } from './list';
import classes from './page.module.css';
import { KEPT_LINES, useTail } from './tail';

const SAY_EVERY_MS = 6_000;

export function Live({ filter, showsAccount }: { filter: Filter; showsAccount: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const tail = useTail(filter, true, () => isReadIn(place.current));
  const said = useSaid(tail.shown.length === 0 ? '' : (tail.shown[0]?.time ?? ''), tail.held.length);
  return (
    <div ref={place}>
      <p className={classes.pulse} data-paused={tail.isPaused || undefined}>
        <span className={classes.dot} aria-hidden />
        {stateOf(tail)}
      </p>
      <div role="status" className={classes.unseen}>{said}</div>
      {tail.held.length > 0 && (
        <div className={classes.held}>
          <Button size="compact-md" onClick={tail.show}>Show {tail.held.length.toLocaleString()} new</Button>
        </div>
      )}
      {!tail.isReady && tail.error === null && <Coming rows={6} />}
      {tail.isReady && tail.shown.length === 0 && <Nothing title="Waiting for the first">What happens from now on, and matches, comes in here.</Nothing>}
      <RecordList lines={tail.shown} showsAccount={showsAccount} />
      {tail.hasMissed && <Text size="sm" c="dimmed" className={classes.foot}>More came at once than is shown here. All of it is on the record: switch Live off to see it.</Text>}
      {tail.shown.length >= KEPT_LINES && <Text size="sm" c="dimmed" className={classes.foot}>Live keeps the newest {KEPT_LINES}. Switch it off to go further back.</Text>}
    </div>
  );
}

/* New lines would move what one looks at: when the list has been scrolled, when something in it is open or has the focus. */
function isReadIn(place: HTMLElement | null): boolean {
  if (place === null) return false;
  const list = place.querySelector('ul');
  const isBelow = list !== null && list.getBoundingClientRect().top < 0;
  return isBelow || place.querySelector('[aria-expanded="true"]') !== null || place.querySelector('ul :focus') !== null;
}

function stateOf(tail: ReturnType<typeof useTail>): string {
  if (tail.isIdle) return 'Paused: nothing was touched for ten minutes. It goes on as soon as you move';
  if (tail.isPaused) return 'Paused while this tab is hidden';
  if (tail.error !== null) return `${told(tail.error)}. It is tried again every two seconds`;
  return 'Live: new records come in every two seconds';
}

/* A screen reader is told now and then, not with each line. */
function useSaid(newest: string, held: number): string {
  const [said, setSaid] = useState('');
  const last = useRef(0);
  useEffect(() => {
    if (newest === '' || Date.now() - last.current < SAY_EVERY_MS) return;
    last.current = Date.now();
    setSaid(held > 0 ? `${held} new records wait above the list` : `Newest record of ${new Date(newest).toLocaleTimeString()}`);
  }, [newest, held]);
  return said;
}
