// rotate.tsx - a new secret for a key: for how long the old one goes on working, and then the new one, shown once.
import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Key } from '../api/keys';
import { useRotateKey, type RotatedKey } from '../api/rotation';
import { CodeBlock } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { useKeeping } from '../parts/hold';
import { Moment } from '../parts/moment';
import { useOneTry } from '../parts/one_try';
import { Failed } from '../parts/states';

type Props = { of: Key; onClose: () => void };

export function Rotate({ of: key, onClose }: Props) {
  const [rotated, setRotated] = useState<RotatedKey | null>(null);
  return rotated === null ? <Begin of={key} onClose={onClose} onRotated={setRotated} /> : <Rotated of={rotated} onClose={onClose} />;
}

const overlaps = [
  { value: '1h', label: '1 hour' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: '0', label: 'Not at all: it has leaked' },
];

function Begin({ of: key, onClose, onRotated }: Props & { onRotated: (key: RotatedKey) => void }) {
  const [overlap, setOverlap] = useState('24h');
  const oneTry = useOneTry();
  const rotate = useRotateKey(key.id, onRotated);
  const run = () => rotate.mutate({ overlap, idempotencyKey: oneTry({ rotate: key.id, version: key.version, overlap }) });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Rotate this key</Text>} size="md">
      <Stack>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}><bdi>{key.name}</bdi></Text>
        <Text>It gets a new secret, which works at once. Its id, limits and history stay.</Text>
        <NativeSelect label="The old secret goes on working for" description="Time to put the new one where the old one is" data={overlaps} value={overlap} onChange={(e) => setOverlap(e.currentTarget.value)} data-autofocus />
        {overlap === '0' && <Text size="sm">Every program that has the old secret gets 401 at once.</Text>}
        {rotate.error !== null && <Failed error={rotate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button onClick={run} loading={rotate.isPending}>Rotate key</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/* Whoever goes without having copied is asked once. */
function Rotated({ of: key, onClose }: { of: RotatedKey; onClose: () => void }) {
  const { isKept, isWarned, keep, leave } = useKeeping(key.secret === null, onClose);
  return (
    <Dialog onClose={leave} title={<Text fw={600}>The new secret</Text>} size="lg" closeOnClickOutside={false}>
      <Stack>
        {key.secret === null ? <Replayed of={key} /> : <Once of={key} secret={key.secret} onCopied={keep} />}
        {isWarned && <Alert color="ochre" title="The key has not been copied" role="alert">Nobody can show its new secret again, Keyward included. Left without it, {wayOut(key)}.</Alert>}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">{isKept && key.secret !== null ? 'Copied.' : ''}</Text>
          {isWarned ? <Button variant="default" onClick={onClose}>Leave without it</Button> : <Button onClick={leave}>Done</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Once({ of: key, secret, onCopied }: { of: RotatedKey; secret: string; onCopied: () => void }) {
  return (
    <>
      <Text>Copy it now: it is not shown again. Put it where the program that uses the key finds the old one.</Text>
      <div onCopy={onCopied}><CodeBlock text={secret} what="the key" wraps onCopied={onCopied} /></div>
      <div onCopy={onCopied}><CodeBlock text={`MONEI_API_KEY=${secret}`} what="the environment variable" wraps onCopied={onCopied} /></div>
      {key.oldSecretEnds === null ? <Text size="sm">The old secret is refused from now on.</Text> : <Text size="sm">The old secret works until <Moment at={key.oldSecretEnds} />. The page of the key shows who still uses it.</Text>}
    </>
  );
}

/* Without an overlap there is no rotation that could be cancelled: the old secret is gone. */
function wayOut({ oldSecretEnds }: RotatedKey): string {
  return oldSecretEnds === null ? 'rotate the key once more: the old secret is refused already' : 'cancel the rotation on the page of the key, and rotate it once more';
}

/* The API gives a secret once: to the answer that got lost. */
function Replayed({ of: key }: { of: RotatedKey }) {
  return (
    <Alert color="ochre" title="The key was rotated before, and its new secret is gone" role="alert">
      Your first try rotated it, but the answer with the secret did not arrive here. Nobody can show it again: {wayOut(key)}.
    </Alert>
  );
}
