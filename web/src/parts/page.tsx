// page.tsx - the frame of a page: its title, what can be done on it, and what it is for.
import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import classes from './page.module.css';

type Props = { title: string; heading?: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The heading takes the focus when the page is come to, so that a screen reader says where one is. */
export function Page({ title, heading, lead, actions, children }: Props) {
  const ref = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(`${title} · Keyward`);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return (
    <Stack gap="lg" className={classes.page}>
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes.head}>
          <Title order={1} ref={ref} tabIndex={-1} className={classes.title}>
            {heading ?? title}
          </Title>
          {lead !== undefined && <Text c="dimmed" mt={4} component="div">{lead}</Text>}
        </div>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** A part of a page, on a card of its own. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} className={classes.sectionTitle}>{title}</Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
