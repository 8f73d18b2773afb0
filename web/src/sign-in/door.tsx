// door.tsx - the frame of the pages before one is in.
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Mark } from '../shell/mark';
import classes from './door.module.css';

export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Keyward`);
  return (
    <main className={classes.door}>
      <Stack gap="xl" className={classes.inner}>
        <Mark size={1.4} />
        <Paper p="xl" radius="md" bg="var(--kw-card)" className={classes.card}>
          <Title order={1} size="h2" mb={lead === undefined ? 'lg' : 4}>{title}</Title>
          {lead !== undefined && <Text c="dimmed" mb="lg" component="div">{lead}</Text>}
          {children}
        </Paper>
        <Text size="sm" c="dimmed">Every attempt is on the record.</Text>
      </Stack>
    </main>
  );
}
