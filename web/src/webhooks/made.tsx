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
  const { isKept, isWarned, keep, leave } = useKeeping(webhook.secret === null, onClose);
  return (
    <Dialog onClose={leave} title={<Text fw={600}>{webhook.oldSecretEndsAt === null ? 'The secret of your webhook' : 'The new secret'}</Text>} size="lg" closeOnClickOutside={false}>
      <Stack>
        {webhook.secret === null ? <Replayed webhook={webhook} /> : <Once secret={webhook.secret} onCopied={keep} />}
        {webhook.oldSecretEndsAt !== null && <Text>Until <Moment at={webhook.oldSecretEndsAt} /> both secrets sign. Change the receiver over before; nothing is lost meanwhile.</Text>}
        <Text size="sm" fw={600}>Verifying, with the secret in <Code>KEYWARD_WEBHOOK_SECRET</Code></Text>
        <CodeBlock text={SAMPLE} what="the sample" wraps />
        {isWarned && <Alert color="ochre" title="The secret has not been copied" role="alert">Nobody can show it again, Keyward included. Without it the receiver verifies nothing: you would have to rotate it.</Alert>}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">{isKept && webhook.secret !== null ? 'Copied.' : ''}</Text>
          {isWarned ? <Button variant="default" onClick={onClose}>Leave without it</Button> : <Button onClick={leave}>Done</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Once({ secret, onCopied }: { secret: string; onCopied: () => void }) {
  return (
    <>
      <Text>Copy it now: it is not shown again. The receiver verifies with it that what comes is from here.</Text>
      <div onCopy={onCopied}><CodeBlock text={secret} what="the secret" wraps onCopied={onCopied} /></div>
    </>
  );
}

/* The API shows a secret once: to the answer that got lost. */
function Replayed({ webhook }: { webhook: CreatedWebhook }) {
  return (
    <Alert color="ochre" title="This was done before, and its secret was not shown" role="alert">
      Your first try reached the webhook <Code>{webhook.id}</Code>, but the answer with its secret did not arrive here. Rotate its secret.
    </Alert>
  );
}
