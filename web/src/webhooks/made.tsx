// made.tsx - the secret of a webhook, shown once: of a new one, or after it was rotated.
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import type { CreatedWebhook } from '../api/webhooks';
import { CodeBlock } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { useKeeping } from '../parts/hold';
import { Moment } from '../parts/moment';

const SAMPLE = `import { Webhook } from "standardwebhooks";
// throws unless it is ours, unchanged and at most five minutes old
const event = new Webhook(process.env.KEYWARD_WEBHOOK_SECRET).verify(body, headers);`;

/** Mount it with what the API answered. Whoever goes without having copied is asked once. */
export function Made({ webhook, onClose }: { webhook: CreatedWebhook; onClose: () => void }) {
  const { isKept, isWarned, keep, leave } = useKeeping(false, onClose);
  return (
    <Dialog onClose={leave} title={<Text fw={600}>{webhook.oldSecretEndsAt === null ? 'The secret of your webhook' : 'The new secret'}</Text>} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Text>Copy it now: it is not shown again. The receiver verifies with it that what comes is from here.</Text>
        <div onCopy={keep}><CodeBlock text={webhook.secret} what="the secret" wraps onCopied={keep} /></div>
        {webhook.oldSecretEndsAt !== null && <Text>Until <Moment at={webhook.oldSecretEndsAt} /> both secrets sign. Change the receiver over before; nothing is lost meanwhile.</Text>}
        <Text size="sm" fw={600}>Verifying, with the secret in <Code>KEYWARD_WEBHOOK_SECRET</Code></Text>
        <CodeBlock text={SAMPLE} what="the sample" wraps />
        {isWarned && <Alert color="ochre" title="The secret has not been copied" role="alert">Nobody can show it again, Keyward included. Without it the receiver verifies nothing: you would have to rotate it.</Alert>}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">{isKept ? 'Copied.' : ''}</Text>
          {isWarned ? <Button variant="default" onClick={onClose}>Leave without it</Button> : <Button onClick={leave}>Done</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}
