// leave.tsx - holds on to a page that shows what is shown once: whoever goes without it is asked.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/dialog';
import { useHold } from '../parts/hold';

type Go = () => void;

/* What ends the page without leading anywhere, as signing out does. */
function isEnding(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('[data-ends-page]') !== null;
}

/* A link of this site that a plain click follows on this page; one within the page is none. */
function followed(event: MouseEvent): HTMLAnchorElement | null {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (link === null || link.target === '_blank' || link.getAttribute('href')?.startsWith('#')) return null;
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && link.origin === window.location.origin ? link : null;
}

/** `asked` is what waits for an answer; `guard` lets something happen at once or after it. */
export function useGuard(isOn: boolean) {
  const [asked, setAsked] = useState<Go | null>(null);
  const isGuarding = useRef(isOn);
  isGuarding.current = isOn;
  const ask = useCallback((go: Go) => setAsked(() => go), []);
  useHold(isOn, ask);
  useClickGuard(isGuarding, ask);
  return { asked, guard: (go: Go) => (isOn ? ask(go) : go()), stay: () => setAsked(null) };
}

/* A link takes the place of the step that holds the way back. */
function useClickGuard(isGuarding: { current: boolean }, ask: (go: Go) => void) {
  const [, navigate] = useLocation();
  useEffect(() => {
    const pressAgain = (target: Element) => {
      isGuarding.current = false;
      target.closest<HTMLElement>('[data-ends-page]')?.click();
    };
    const hold = (event: MouseEvent) => {
      const link = followed(event);
      if (!isGuarding.current || (link === null && !isEnding(event))) return;
      const { target } = event;
      event.preventDefault();
      event.stopPropagation();
      ask(link === null ? () => pressAgain(target as Element) : () => navigate(link.pathname + link.search, { replace: true }));
    };
    document.addEventListener('click', hold, true);
    return () => document.removeEventListener('click', hold, true);
  }, [isGuarding, ask, navigate]);
}

type Props = { name: string; onStay: () => void; onLeave: () => void };

export function LeaveQuestion({ name, onStay, onLeave }: Props) {
  return (
    <Dialog onClose={onStay} title={<Text fw={600}>The key has not been copied</Text>} size="md">
      <Stack>
        <Text>Nobody can show <b>{name}</b> again once this page is left, Keyward included. Without it the key is of no use: revoke it and make another.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>Leave without it</Button>
          <Button onClick={onStay} data-autofocus>Stay and copy</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
