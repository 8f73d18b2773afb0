// made.tsx - a new management token, shown once.
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import type { CreatedToken } from '../api/tokens';
import { CodeBlock } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { useKeeping } from '../parts/hold';

type Props = { token: CreatedToken; onClose: () => void };

/** Mount it with what the API answered. Whoever goes without having copied is asked once. */
export function Made({ token, onClose }: Props) {
  const { isKept, isWarned, keep, leave } = useKeeping(token.secret === null, onClose);
  return (
    <Dialog onClose={leave} title={<Text fw={600}>Your new management token</Text>} size="lg" closeOnClickOutside={false}>
      <Stack>
        {token.secret === null ? <Replayed token={token} /> : <Once token={token} secret={token.secret} onCopied={keep} />}
        {isWarned && <Alert color="ochre" title="The token has not been copied" role="alert">Nobody can show it again, Keyward included. Without it the token is of no use: revoke it and create another.</Alert>}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">{isKept && token.secret !== null ? 'Copied.' : ''}</Text>
          {isWarned ? <Button variant="default" onClick={onClose}>Leave without it</Button> : <Button onClick={leave}>Done</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Once({ token, secret, onCopied }: { token: CreatedToken; secret: string; onCopied: () => void }) {
  const sample = `curl -H "Authorization: Bearer $KEYWARD_TOKEN" ${window.location.origin}${pathFor(token.scopes)}`;
  return (
    <>
      <Text>Copy it now: it is not shown again. It belongs into a secret store or an environment variable, never into code, a URL or a chat.</Text>
      <div onCopy={onCopied}><CodeBlock text={secret} what="the token" wraps onCopied={onCopied} /></div>
      <Text size="sm" fw={600}>A first call, with the token in <Code>KEYWARD_TOKEN</Code></Text>
      <CodeBlock text={sample} what="the curl sample" wraps />
    </>
  );
}

const reads: [scope: string, path: string][] = [['keys:read', '/v1/keys'], ['events:read', '/v1/events'], ['members:read', '/v1/members'], ['policy:read', '/v1/policy'], ['tokens:read', '/v1/management-tokens'], ['accounts:read', '/v1/accounts']];

/* Something that this token may read. */
function pathFor(scopes: string[]): string {
  return reads.find(([scope]) => scopes.includes(scope))?.[1] ?? '/v1/keys';
}

function Replayed({ token }: { token: CreatedToken }) {
  return (
    <Alert color="ochre" title="This token was made before, and its secret is gone" role="alert">
      Your first try made the token <Code>{token.id}</Code>, but the answer with its secret did not arrive here. Revoke it, and create another.
    </Alert>
  );
}
