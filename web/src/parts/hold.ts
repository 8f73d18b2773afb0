// hold.ts - holds on to what is shown once: whoever closes the tab or goes back without it is asked first.
import { useEffect, useRef } from 'react';

/** `onTry` is called when somebody goes back while `isOn`; the browser itself asks whoever closes the tab. */
export function useHold(isOn: boolean, onTry: () => void) {
  const ask = useRef(onTry);
  ask.current = onTry;
  useEffect(() => {
    if (!isOn) return undefined;
    const again = () => window.history.pushState(window.history.state, '');
    const back = () => { again(); ask.current(); };
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    again();
    window.addEventListener('popstate', back);
    window.addEventListener('beforeunload', unload);
    return () => {
      window.removeEventListener('popstate', back);
      window.removeEventListener('beforeunload', unload);
    };
  }, [isOn]);
}
