// tail.ts - the newest records as they come: asked for every two seconds, a bounded number, held back while somebody reads.
import { useDocumentVisibility, useIdle } from '@mantine/hooks';
import { useEffect, useReducer, useRef } from 'react';
import { readRecord, type Filter, type RecordLine } from '../api/events';
import { identityOf } from './words';

const EVERY_MS = 2_000;
const AT_ONCE = 100;
const IDLE_MS = 10 * 60_000;
export const KEPT_LINES = 200;

type Tail = {
  shown: RecordLine[];      /* newest first */
  held: RecordLine[];       /* newer than those, not shown yet */
  hasMissed: boolean;       /* more came than one answer holds */
  error: unknown;
  isReady: boolean;
};
type Deed = { came: RecordLine[]; isWhole: boolean; isReading: boolean } | 'show' | 'begin' | { error: unknown };

const nothing: Tail = { shown: [], held: [], hasMissed: false, error: null, isReady: false };

/* What is known already is not news: times may be alike, so the newest are asked for again. */
function added(tail: Tail, came: RecordLine[], isWhole: boolean, isReading: boolean): Tail {
  const known = new Set([...tail.shown, ...tail.held].map(identityOf));
  const news = came.filter((line) => !known.has(identityOf(line)));
  const isFirst = !tail.isReady;
  const hasMissed = tail.hasMissed || (!isFirst && !isWhole && news.length === came.length);
  if (news.length === 0) return { ...tail, error: null, isReady: true };
  if (isReading && !isFirst) return { ...tail, held: [...news, ...tail.held].slice(0, KEPT_LINES), hasMissed, error: null };
  return { shown: [...news, ...tail.held, ...tail.shown].slice(0, KEPT_LINES), held: [], hasMissed, error: null, isReady: true };
}

function step(tail: Tail, deed: Deed): Tail {
  if (deed === 'begin') return nothing;
  if (deed === 'show') return { ...tail, shown: [...tail.held, ...tail.shown].slice(0, KEPT_LINES), held: [] };
  if ('error' in deed) return { ...tail, error: deed.error };
  return added(tail, deed.came, deed.isWhole, deed.isReading);
}

/** `isReading` says whether new lines would move what somebody looks at. */
export function useTail(filter: Filter, isOn: boolean, isReading: () => boolean) {
  const [tail, dispatch] = useReducer(step, nothing);
  const isHidden = useDocumentVisibility() === 'hidden';
  const isIdle = useIdle(IDLE_MS, { initialState: false });
  const reading = useRef(isReading);
  reading.current = isReading;
  const text = JSON.stringify(filter);
  useEffect(() => {
    if (isOn) dispatch('begin');
  }, [isOn, text]);
  useEffect(() => {
    if (!isOn || isHidden || isIdle) return undefined;
    const abort = new AbortController();
    void follow(JSON.parse(text) as Filter, abort.signal, dispatch, () => reading.current());
    return () => abort.abort();
  }, [isOn, isHidden, isIdle, text]);
  return { ...tail, isPaused: isHidden || isIdle, isIdle, show: () => dispatch('show') };
}

/* One question after the other, never two at a time. */
async function follow(filter: Filter, signal: AbortSignal, dispatch: (deed: Deed) => void, isReading: () => boolean) {
  while (!signal.aborted) {
    try {
      const { lines, next } = await readRecord(filter, { limit: AT_ONCE }, signal);
      if (!signal.aborted) dispatch({ came: lines, isWhole: next === null, isReading: isReading() });
    } catch (error) {
      if (!signal.aborted) dispatch({ error });
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
