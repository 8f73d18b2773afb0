// mark.tsx - the sign before a record: its shape says what kind it is, its colour only repeats it.
import classes from './mark.module.css';
import type { Tone } from './words';

const shapes: Record<Tone, string> = {
  allowed: 'M4 8.5 7 11.5 12.5 5',
  denied: 'M5 5 11 11 M11 5 5 11',
  changed: 'M4 11.8 V12.5 H4.8 L11.5 5.6 10.6 4.6 Z',
  in: 'M8 4.2a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8 M4.4 12.4c.3-2 1.7-3 3.6-3s3.300 1 3.6 3',
  out: 'M8 4.2a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8 M4.4 12.4c.3-2 1.7-3 3.6-3s3.300 1 3.6 3',
  counted: 'M4 8h.01 M8 8h.01 M12 8h.01',
  warned: 'M8 4v5 M8 11.8h.01',
  read: 'M3.4 8c1-2 2.7-3.1 4.6-3.1s3.6 1.1 4.6 3.1c-1 2-2.7 3.1-4.6 3.1S4.4 10 3.4 8 M8 8h.01',
};
const kinds: Record<Tone, string> = { allowed: 'Allowed', denied: 'Denied', changed: 'Change', in: 'Sign-in', out: 'Refused sign-in', counted: 'Counted', warned: 'Warning', read: 'Reading' };

export function ToneMark({ tone, size = 18 }: { tone: Tone; size?: number }) {
  return (
    <svg className={classes.mark} data-tone={tone} width={size} height={size} viewBox="0 0 16 16" role="img" aria-label={kinds[tone]}>
      <rect x="0.75" y="0.75" width="14.5" height="14.5" rx="3" />
      <path d={shapes[tone]} />
    </svg>
  );
}
