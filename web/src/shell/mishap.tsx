// mishap.tsx - a page that broke while it was drawn: says so instead of going white.
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';

/** Give it a key that changes with the address, and going elsewhere mends it. */
export class Mishap extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Center py={64}>
        <Stack align="center" gap="xs" role="alert">
          <Title order={1} size="h3">This page did not come up</Title>
          <Text c="dimmed">Keyward may have been replaced by a newer version meanwhile.</Text>
          <Button onClick={() => window.location.reload()}>Load it anew</Button>
        </Stack>
      </Center>
    );
  }
}
