// use.ts - when the session was last used, in this tab or another: after a quarter of an hour without, the API ends it.
import { onWord, tellOthers } from './tabs';

const IDLE_MS = 15 * 60_000;
const TELL_EVERY_MS = 10_000;

let last = Date.now();
let told = 0;

/** To be called with each answer that the API gave to a session. */
export function used() {
  last = Date.now();
  if (last - told < TELL_EVERY_MS) return;
  told = last;
  tellOthers('used');
}

onWord((word) => {
  if (word === 'used') last = Date.now();
});

/** So long until it ends, if nothing is asked for; below 0: it has ended. */
export function timeLeft(): number {
  return last + IDLE_MS - Date.now();
}
