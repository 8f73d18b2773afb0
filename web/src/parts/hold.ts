// hold.ts - holds on to what is shown once: whoever goes back, closes the tab or the dialog without it is asked first.
import { useEffect, useRef, useState } from 'react';

type Go = () => void;

let held = 0;

/** Whether something stands on the page that nobody can show again. */
export function isHeld(): boolean {
  return held > 0;
}

/* The way back cannot be stopped: so it first leads to this page once more. That step is taken back when nothing is held any more. */
function holdBack(ask: (go: Go) => void): Go {
  const again = () => window.history.pushState({ isHeld: true }, '');
  const back = () => {
    again();
    ask(() => {
      window.removeEventListener('popstate', back);
      window.history.go(-2);
    });
  };
  again();
  window.addEventListener('popstate', back);
  return () => {
    window.removeEventListener('popstate', back);
    if (window.history.state?.isHeld === true) window.history.back();
  };
}

/** `onTry` is called when somebody goes back while `isOn`, with what takes him there; the browser itself asks whoever closes the tab. */
export function useHold(isOn: boolean, onTry: (go: Go) => void) {
  const ask = useRef(onTry);
  ask.current = onTry;
  useEffect(() => {
    if (!isOn) return undefined;
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const letGo = holdBack((go) => ask.current(go));
    window.addEventListener('beforeunload', unload);
    held++;
    return () => {
      held--;
      window.removeEventListener('beforeunload', unload);
      letGo();
    };
  }, [isOn]);
}

/** A dialog that shows something once: `keep` says that it was taken along, and whoever leaves without that is warned once. */
export function useKeeping(isNothing: boolean, onClose: Go) {
  const [isKept, setKept] = useState(isNothing);
  const [isAsked, setAsked] = useState(false);
  useHold(!isKept, () => setAsked(true));
  return { isKept, isWarned: isAsked && !isKept, keep: () => setKept(true), leave: () => (isKept || isAsked ? onClose() : setAsked(true)) };
}
