// presence.ts - whether somebody is there. What is asked for again by itself waits while nobody is: a page that was left open
// does not keep its session alive.
import { focusManager } from '@tanstack/react-query';

const AWAY_MS = 2 * 60_000;
const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'visibilitychange'];

/** TanStack Query takes it for the focus: whoever comes back sees what is true by then. */
export function watchPresence() {
  focusManager.setEventListener((tell) => {
    let timer = 0;
    const look = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => tell(false), AWAY_MS);
      tell(document.visibilityState !== 'hidden');
    };
    for (const sign of signs) document.addEventListener(sign, look, { capture: true, passive: true });
    look();
    return () => signs.forEach((sign) => document.removeEventListener(sign, look, { capture: true }));
  });
}
