// suspend.tsx - takes an account out of use, with all of its keys, and puts it back.
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountDeed, type Account } from '../api/accounts';
import { outlineQuery } from '../api/overview';
import { useMay } from '../api/session';
import { ConfirmByName } from '../parts/confirm';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';

export function SuspendOrResume({ account }: { account: Account }) {
  const mayWrite = useMay('accounts:write');
  if (!mayWrite) return account.state === 'active' ? null : <Section title="Suspended"><Text>All keys of this account are refused. An operator can resume it.</Text></Section>;
  return account.state === 'active' ? <Suspend account={account} /> : <Resume account={account} />;
}

function Suspend({ account }: { account: Account }) {
  const [isAsking, setAsking] = useState(false);
  const deed = useAccountDeed(account.id);
  return (
    <Section title="Suspend this account">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">All of its keys are refused at once, until it is resumed. Its members still sign in.</Text>
        <Button color="brick" variant="outline" onClick={() => setAsking(true)}>Suspend account</Button>
      </Stack>
      {isAsking && (
        <ConfirmByName title="Suspend account" name={account.id} verb="Suspend account" onConfirm={() => deed.mutate('suspend', { onSuccess: () => setAsking(false) })} onClose={() => setAsking(false)} isBusy={deed.isPending} error={deed.error}>
          <Breaks id={account.id} />
        </ConfirmByName>
      )}
    </Section>
  );
}

function Breaks({ id }: { id: string }) {
  const { data } = useQuery(outlineQuery(id));
  const count = (n: number) => `${n.toLocaleString()} ${n === 1 ? 'key' : 'keys'}`;
  return (
    <>
      <Text>
        {data === undefined ? 'All its keys' : `Its ${count(data.keys.production.active)} of production and ${count(data.keys.sandbox.active)} of the sandbox`} will be refused from now on with “The account of this key is suspended”: whatever uses them stops working.
      </Text>
      <Text mt="xs" size="sm" c="dimmed">Nothing is lost: once the account is resumed, the keys work as before.</Text>
    </>
  );
}

function Resume({ account }: { account: Account }) {
  const deed = useAccountDeed(account.id);
  return (
    <Section title="This account is suspended">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">All of its keys are refused. Once resumed, those that are active work again.</Text>
        {deed.error !== null && <Failed error={deed.error} />}
        <Button loading={deed.isPending} onClick={() => deed.mutate('resume')}>Resume account</Button>
      </Stack>
    </Section>
  );
}
