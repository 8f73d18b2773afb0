// how.tsx - for who may put a policy in force: the commands with which it is read, changed and applied.
import { Code, Text } from '@mantine/core';
import { useMay } from '../api/session';
import { CodeBlock } from '../parts/copy';
import { Section } from '../parts/page';

export function HowToChange({ apply }: { apply: string }) {
  if (!useMay('policy:write')) return null;
  return (
    <Section title="Change it">
      <Text size="sm" mb="sm">The policy is a file, so that it can be reviewed and kept with your code. The new one replaces this one as a whole, and is in force when the command returns.</Text>
      <CodeBlock text={`keyward policy show > policy.yaml\n${apply}`} what="the commands" />
      <Text size="sm" c="dimmed" mt="sm">A program sends the same lists with <Code>PUT /v1/policy</Code>.</Text>
    </Section>
  );
}
