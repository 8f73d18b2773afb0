// one_try.ts - the same text for Idempotency-Key as long as the same thing is asked for.
import { useCallback, useRef } from 'react';
import { newIdempotencyKey } from '../api/client';

/** Sent again after a lost answer, it makes nothing twice; changed, it is another try. */
export function useOneTry(): (body: unknown) => string {
  const last = useRef({ asked: '', key: '' });
  return useCallback((body) => {
    const asked = JSON.stringify(body);
    if (last.current.asked !== asked) last.current = { asked, key: newIdempotencyKey() };
    return last.current.key;
  }, []);
}
