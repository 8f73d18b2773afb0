// thaw.tsx - undoes a freeze, after having said what comes back.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useFreeze, type Freeze } from '../api/freezes';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';
import { targetOf, whose } from './words';

export function ThawButton({ of: freeze }: { of: Freeze }) {
  const [isOpen, setOpen] = useState(false);
  const { name } = targetOf(freeze);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)} aria-label={`Thaw ${name}`}>Thaw</Button>
      {isOpen && <ThawDialog of={freeze} onClose={() => setOpen(false)} />}
    </>
  );
}

function ThawDialog({ of: freeze, onClose }: { of: Freeze; onClose: () => void }) {
  const thaw = useFreeze();
  const run = () => thaw.mutate({ target: targetOf(freeze), frozen: 'nothing', reason: '' }, { onSuccess: toHeading });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Thaw <bdi>{targetOf(freeze).name}</bdi></Text>} size="md">
      <Stack>
        <Text><bdi>{whose(freeze)}</bdi> let through again at once, as far as nothing else of them is frozen.</Text>
        {freeze.reason !== null && <Text size="sm">It was frozen because of “<bdi>{freeze.reason}</bdi>”.</Text>}
        {thaw.error !== null && <Failed error={thaw.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button onClick={run} loading={thaw.isPending} data-autofocus>Thaw</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/* The button that the focus would go back to goes with the freeze. */
function toHeading() {
  document.querySelector<HTMLElement>('h1')?.focus();
}
