// key_cut.tsx - the cut of a key: a blade whose notches are read off its id, so that the eye knows a key again.
import classes from './key_cut.module.css';
import type { Environment } from './words';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NOTCHES = 7;
const PITCH = 9;
const SHOULDER = 8;
const TOP = 4;
const EDGE = 19;

/* Two characters of the id make a notch: 0 to 4 steps deep. */
function depths(id: string): number[] {
  const digit = (i: number) => Math.max(0, ALPHABET.indexOf(id[i] ?? '0'));
  return Array.from({ length: NOTCHES }, (_, i) => (digit(2 * i) * 7 + digit(2 * i + 1)) % 5);
}

/* Around the blade: the tip, the back, the end, and from there along the edge, notch by notch. */
function outline(id: string): string {
  const notches = depths(id).map((depth, i) => {
    const x = SHOULDER + i * PITCH;
    const y = EDGE - depth * 2.6;
    return `H${x + 7.5} L${x + 6} ${y} H${x + 3} L${x + 1.5} ${EDGE}`;
  });
  return `M1 ${TOP + 6} L6 ${TOP} H71 V${EDGE} ${notches.reverse().join(' ')} H6 Z`;
}

type Props = { id: string; environment: Environment; isDead?: boolean; size?: number };

/** A picture beside a name that says it all: screen readers pass it by. */
export function KeyCut({ id, environment, isDead = false, size = 1 }: Props) {
  return (
    <svg className={classes.cut} data-environment={environment} data-dead={isDead || undefined} width={54 * size} height={17 * size} viewBox="0 0 72 22" aria-hidden>
      <path d={outline(id)} />
    </svg>
  );
}
