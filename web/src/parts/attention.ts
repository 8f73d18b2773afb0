// attention.ts - whether anybody looks: what is asked for again by itself is not while nobody does, so that his session can end.
import { useDocumentVisibility, useIdle } from '@mantine/hooks';
import { focusManager } from '@tanstack/react-query';
import { useEffect } from 'react';

export const IDLE_MS = 10 * 60_000;

export function useAttention() {
  const isHidden = useDocumentVisibility() === 'hidden';
  const isIdle = useIdle(IDLE_MS, { initialState: false });
  useEffect(() => focusManager.setFocused(!isHidden && !isIdle), [isHidden, isIdle]);
}
