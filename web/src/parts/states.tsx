// states.tsx - what a list shows while it has nothing to show: it comes, it cannot come, there is none.
import { Alert, Button, Center, Code, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Refusal, told } from '../api/problem';

export function Coming({ rows = 5, what = 'Loading' }: { rows?: number; what?: string }) {
  return (
    <Stack gap="sm" role="status" aria-label={what}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={i === 0 ? 22 : 34} width={i === 0 ? '32%' : '100%'} />
      ))}
    </Stack>
  );
}

/** What was thrown, in the API's words, with the request's id for whoever has to look it up. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert color="brick" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text>{told(error)}</Text>
        {error instanceof Refusal && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            Request <Code>{error.requestId}</Code>
          </Text>
        )}
        {retry !== undefined && <Button size="compact-sm" variant="default" onClick={retry}>Try again</Button>}
      </Stack>
    </Alert>
  );
}

/** There is nothing yet, or nothing that matches; what to do about it. */
export function Nothing({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <Title order={3} size="h4">{title}</Title>
        {children !== undefined && <Text c="dimmed">{children}</Text>}
        {action}
      </Stack>
    </Center>
  );
}
