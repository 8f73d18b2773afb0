// change.tsx - the name, the URL and the events of a webhook.
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Refusal } from '../api/problem';
import { useChangeWebhook, type Webhook } from '../api/webhooks';
import { Section } from '../parts/page';
import { WebhookFields, type Filled } from './form';

function filledOf({ name, url, events }: Webhook): Filled {
  return { name, url, events };
}

function isSame(a: Filled, b: Filled): boolean {
  return a.name.trim() === b.name && a.url.trim() === b.url && [...a.events].sort().join() === [...b.events].sort().join();
}

/* What the form was filled from. Another version takes its place as long as nothing was typed that it has not. */
function useFilled(webhook: Webhook) {
  const [read, setRead] = useState(webhook);
  const [filled, setFilled] = useState(filledOf(webhook));
  if (webhook.version !== read.version && (isSame(filled, filledOf(read)) || isSame(filled, filledOf(webhook)))) {
    setRead(webhook);
    setFilled(filledOf(webhook));
  }
  return { read, filled, setFilled, begin: () => { setRead(webhook); setFilled(filledOf(webhook)); } };
}

export function Change({ of: webhook }: { of: Webhook }) {
  const { read, filled, setFilled, begin } = useFilled(webhook);
  const change = useChangeWebhook(webhook.id);
  const isStale = change.error instanceof Refusal && change.error.status === 412;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ version: read.version, body: { name: filled.name.trim(), url: filled.url.trim(), events: filled.events } });
  };
  return (
    <Section title="Change it">
      <form onSubmit={submit}>
        <Stack>
          <WebhookFields value={filled} onChange={setFilled} isOfAccount={webhook.account !== null} error={isStale ? null : change.error} />
          {isStale && <Alert color="ochre" variant="light" role="alert" title="Somebody else changed this webhook meanwhile">Look at what it is now: <Button size="compact-sm" variant="default" onClick={() => { begin(); change.reset(); }}>Begin anew</Button></Alert>}
          <Group><Button type="submit" loading={change.isPending} disabled={filled.events.length === 0 || isSame(filled, filledOf(read))}>Save changes</Button></Group>
        </Stack>
      </form>
    </Section>
  );
}
