// deeds.tsx - what can be done to a webhook: tried, changed, rotated, turned off and on, removed.
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useChangeWebhook, useRemoveWebhook, useRotateWebhook, useTestWebhook, type CreatedWebhook, type Webhook } from '../api/webhooks';
import { ConfirmByName } from '../parts/confirm';
import { Dialog } from '../parts/dialog';
import { Moment } from '../parts/moment';
import { useOneTry } from '../parts/one_try';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { Change } from './change';
import { Made } from './made';
import { nameOf } from './words';

export function Deeds({ of: webhook }: { of: Webhook }) {
  const [open, setOpen] = useState<'change' | 'rotate' | 'remove' | null>(null);
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const test = useTestWebhook(webhook.id);
  const change = useChangeWebhook(webhook.id);
  const isOn = webhook.state === 'active';
  const turn = () => change.mutate({ version: webhook.version, body: { state: isOn ? 'disabled' : 'active' } });
  const rotated = (it: CreatedWebhook) => {
    setOpen(null);
    setMade(it);
  };
  return (
    <Section title="What can be done">
      <Stack gap="sm">
        <Group gap="sm">
          {isOn && <Button loading={test.isPending} onClick={() => test.mutate(undefined)}>Send a test</Button>}
          <Button variant="default" onClick={() => setOpen('change')}>Change</Button>
          <Button variant={isOn ? 'default' : 'filled'} loading={change.isPending} onClick={turn}>{isOn ? 'Turn off' : 'Turn on'}</Button>
          <Button variant="default" onClick={() => setOpen('rotate')}>Rotate secret</Button>
          <Button color="brick" variant="outline" onClick={() => setOpen('remove')}>Remove</Button>
        </Group>
        <Text size="sm" c="dimmed">{isOn ? 'Turned off, it is told of nothing, and what waits is given up.' : 'Turned on, it is told of what changes from then on.'}</Text>
        {test.data !== undefined && <Text size="sm" role="status">A test is on its way, as <Code>{test.data.event}</Code>. Below stands what becomes of it.</Text>}
        {(test.error ?? change.error) !== null && <Failed error={test.error ?? change.error} />}
      </Stack>
      {open === 'change' && <Change of={webhook} onClose={() => setOpen(null)} />}
      {open === 'rotate' && <Rotate of={webhook} onClose={() => setOpen(null)} onMade={rotated} />}
      {open === 'remove' && <Remove of={webhook} onClose={() => setOpen(null)} />}
      {made !== null && <Made webhook={made} onClose={() => setMade(null)} />}
    </Section>
  );
}

type RotateProps = { of: Webhook; onClose: () => void; onMade: (webhook: CreatedWebhook) => void };

function Rotate({ of: webhook, onClose, onMade }: RotateProps) {
  const rotate = useRotateWebhook(webhook.id, onMade);
  const oneTry = useOneTry();
  const isSent = useRef(false); /* pressed twice, the first secret would sign no more */
  const run = () => {
    if (isSent.current) return;
    isSent.current = true;
    rotate.mutate(oneTry(webhook.id), { onError: () => void (isSent.current = false) });
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Rotate the secret</Text>} size="md">
      <Stack>
        {webhook.oldSecretEndsAt === null && <Text>You get a new secret. For 24 hours both sign, so that the receiver can change over in its own time; then the old one ends.</Text>}
        {webhook.oldSecretEndsAt !== null && <Text>You get a new secret. The oldest signs on beside it until <Moment at={webhook.oldSecretEndsAt} />; <b>the one in between ends at once.</b></Text>}
        <Text size="sm" c="dimmed"><Code>x-monei-signature</Code> has room for one: it is that of the new from now on.</Text>
        {rotate.error !== null && <Failed error={rotate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button loading={rotate.isPending} onClick={run} data-autofocus>Rotate secret</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Remove({ of: webhook, onClose }: { of: Webhook; onClose: () => void }) {
  const remove = useRemoveWebhook(webhook.id);
  const [, go] = useLocation();
  return (
    <ConfirmByName title="Remove this webhook" name={nameOf(webhook)} verb="Remove webhook" onClose={onClose} isBusy={remove.isPending} error={remove.error ?? undefined} onConfirm={() => remove.mutate(undefined, { onSuccess: () => go('/webhooks') })}>
      <Text>Its receiver is told of nothing any more, what waits is given up, and its secret is gone. This cannot be undone.</Text>
    </ConfirmByName>
  );
}
