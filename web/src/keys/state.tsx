// state.tsx - whether a key works: a word, and a sign of its own for each.
import type { KeyState } from '../api/keys';
import classes from './state.module.css';

export const stateNames: Record<KeyState, string> = { active: 'Active', disabled: 'Disabled', expired: 'Expired', revoked: 'Revoked' };

const signs: Record<KeyState, string> = {
  active: 'M5 0.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z',
  disabled: 'M1 1h3v8H1zM6 1h3v8H6z',
  expired: 'M1 0h8v2L6 5l3 3v2H1V8l3-3-3-3z',
  revoked: 'M2 0.5 5 3.5 8 0.5 9.5 2 6.5 5 9.5 8 8 9.5 5 6.5 2 9.5 0.5 8 3.5 5 0.5 2z',
};

export function StateTag({ value }: { value: KeyState }) {
  return (
    <span className={classes.state} data-state={value}>
      <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden><path d={signs[value]} /></svg>
      {stateNames[value]}
    </span>
  );
}

/** Revoked and expired are final. */
export function isDead(state: KeyState): boolean {
  return state === 'revoked' || state === 'expired';
}
