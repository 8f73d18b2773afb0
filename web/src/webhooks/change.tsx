// change.tsx - the name, the URL and the events of a webhook.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Refusal } from '../api/problem';
import { useChangeWebhook, type Webhook } from '../api/webhooks';
import { Dialog } from '../parts/dialog';
import { WebhookFields, type Filled } from './form';

function filledOf({ name, url, events }: Webhook): Filled {
  return { name, url, events };
}

function isSame(a: Filled, b: Filled): boolean {
  return a.name.trim() === b.name && a.url.trim() === b.url && [...a.events].sort().join() === [...b.events].sort().join();
}

/** It changes what was there when it was asked for: where somebody else was faster, it says so. */
export function Change({ of: webhook, onClose }: { of: Webhook; onClose: () => void }) {
  const [read, setRead] = useState(webhook);
  const [filled, setFilled] = useState(filledOf(webhook));
  const change = useChangeWebhook(webhook.id);
  const isStale = change.error instanceof Refusal && change.error.status === 412;
  const beginAnew = () => {
    setRead(webhook);
    setFilled(filledOf(webhook));
    change.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ version: read.version, body: { name: filled.name.trim(), url: filled.url.trim(), events: filled.events } }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Change this webhook</Text>} size="lg" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          <WebhookFields value={filled} onChange={setFilled} isOfAccount={webhook.account !== null} error={isStale ? null : change.error} />
          {isStale && <Alert color="ochre" variant="light" role="alert" title="Somebody else changed this webhook meanwhile">What you chose is not saved. <Button size="compact-sm" variant="default" onClick={beginAnew}>Begin anew</Button></Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={change.isPending} disabled={filled.events.length === 0 || isSame(filled, filledOf(read))}>Save changes</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
