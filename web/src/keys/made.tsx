// made.tsx - a new key, shown once: to be copied, put into an environment, and tried.
import { Alert, Anchor, Button, Code, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { installationQuery } from '../api/installation';
import type { CreatedKey } from '../api/keys';
import { useMay } from '../api/session';
import { CodeBlock, CopyButton } from '../parts/copy';
import { EnvironmentTag } from '../parts/environment';
import { KeyCut } from '../parts/key_cut';
import { Page, Section } from '../parts/page';
import { LeaveQuestion, useGuard } from './leave';
import classes from './made.module.css';
import { samples, type Place } from './samples';
import { TestNow } from './test_now';

type Props = { made: CreatedKey; another: () => void };

const usualPlace: Place = { header: 'x-api-key', probe: '/api/v1/user/me' };

export function Made({ made, another }: Props) {
  const [isCopied, setCopied] = useState(false);
  const { asked, guard, stay } = useGuard(made.secret !== null && !isCopied);
  const { data } = useQuery(installationQuery);
  const maySee = useMay('events:read');
  const place = data ?? usualPlace;
  const copied = () => setCopied(true);
  return (
    <Page title="Your new key" heading={<bdi>{made.name}</bdi>} lead={<Group gap="sm"><KeyCut id={made.id} environment={made.environment} /><EnvironmentTag value={made.environment} /></Group>} actions={<Ends id={made.id} another={() => guard(another)} />}>
      {made.secret === null ? <Replayed made={made} /> : <Once secret={made.secret} made={made} isCopied={isCopied} onCopied={copied} />}
      {made.secret !== null && <Variables made={made} secret={made.secret} base={data?.gateways[made.environment]} onCopied={copied} />}
      <Samples place={place} />
      {maySee && <TestNow made={made} place={place} />}
      {asked !== null && <LeaveQuestion name={made.name} onStay={stay} onLeave={() => { stay(); asked(); }} />}
    </Page>
  );
}

function Ends({ id, another }: { id: string; another: () => void }) {
  return (
    <>
      <Button variant="default" onClick={another}>Make another</Button>
      <Button component={Link} href={`/keys/${id}`}>Done</Button>
    </>
  );
}

type OnceProps = { made: CreatedKey; secret: string; isCopied: boolean; onCopied: () => void };

function Once({ made, secret, isCopied, onCopied }: OnceProps) {
  return (
    <section className={classes.once} data-environment={made.environment} aria-label="The key, shown once">
      <div>
        <Title order={2} size="h4">Copy it now: it is not shown again</Title>
        <Text size="sm">Keyward keeps only its fingerprint. It belongs in a secret store or an environment variable, never into code, a URL or a chat.</Text>
        <Text size="sm" fw={600} role="status">{isCopied ? 'Copied: this page can be left.' : ''}</Text>
      </div>
      <div className={classes.secret}>
        <code className={classes.text} tabIndex={0} aria-label="The whole key" onCopy={onCopied}>{secret}</code>
        <CopyButton text={secret} what="the key" onCopied={onCopied} size="md" variant="filled" />
      </div>
    </section>
  );
}

/* The API gives a secret once: to the answer that got lost. */
function Replayed({ made }: { made: CreatedKey }) {
  return (
    <Alert color="ochre" variant="light" title="This key was made before, and its secret is gone" role="alert">
      Your first try made the key <Code>{made.id}</Code>, but the answer with its secret did not arrive here. Nobody can show it again.{' '}
      <Anchor component={Link} href={`/keys/${made.id}`}>Revoke that key</Anchor>, and make another.
    </Alert>
  );
}

type VariablesProps = { made: CreatedKey; secret: string; base: string | null | undefined; onCopied: () => void };

function Variables({ made, secret, base, onCopied }: VariablesProps) {
  const text = `MONEI_API_KEY=${secret}\nMONEI_ENVIRONMENT=${made.environment}\nMONEI_BASE_URL=${base ?? ''}`;
  return (
    <Section title="Environment variables">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">For a file .env, or pasted into a shell. The samples read them.</Text>
        <CodeBlock text={text} what="the environment variables" onCopied={onCopied} />
        {base === null && (
          <Text size="sm">Where the {made.environment} gateway is, this installation has not been told: <Code>{made.environment}_url</Code> in keyward.yaml says it. Put its address behind MONEI_BASE_URL.</Text>
        )}
      </Stack>
    </Section>
  );
}

function Samples({ place }: { place: Place }) {
  return (
    <Section title="The first call">
      <Tabs defaultValue="curl">
        <Tabs.List mb="sm">{samples.map(({ name }) => <Tabs.Tab key={name} value={name}>{name}</Tabs.Tab>)}</Tabs.List>
        {samples.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name}><CodeBlock text={text(place)} what={`the ${name} sample`} /></Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}
