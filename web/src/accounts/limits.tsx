// limits.tsx - the limits that an account gives to its new keys: for all of them, and for those of a permission.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChangeAccount, type Account } from '../api/accounts';
import { useMay } from '../api/session';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { permissions } from '../parts/words';

type Defaults = Account['limitDefaults'];
type Name = keyof Defaults;

const rows: { name: Name; label: string }[] = [{ name: 'all', label: 'All keys' }, ...permissions.map(({ value, name }) => ({ name: value, label: name }))];

/** Give it the account's version as key: what was saved is what it begins with. */
export function LimitDefaults({ account }: { account: Account }) {
  const mayWrite = useMay('account:write');
  const [defaults, setDefaults] = useState<Defaults>(account.limitDefaults);
  const change = useChangeAccount(account.id);
  const put = (name: Name, what: 'rate' | 'quota', text: string) => setDefaults({ ...defaults, [name]: { ...defaults[name], [what]: text } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ version: account.version, body: { limitDefaults: stripped(defaults) } });
  };
  return (
    <Section title="Limits of new keys">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">Copied into a key that is made without limits of its own; keys that there are keep theirs. The line of its strongest permission goes before that of all. Rates as 600/min or 10/s:20, quotas as 1000/day or 50000/month; none for no limit; empty for what Keyward does otherwise.</Text>
          {rows.map(({ name, label }) => (
            <Group key={name} gap="sm" align="flex-end" role="group" aria-label={`Limits of ${label}`} wrap="nowrap">
              <TextInput label={`${label}: rate`} size="sm" flex="1 1 0" value={defaults[name]?.rate ?? ''} readOnly={!mayWrite} onChange={(e) => put(name, 'rate', e.currentTarget.value)} autoComplete="off" spellCheck={false} />
              <TextInput label="Quota" aria-label={`${label}: quota`} size="sm" flex="1 1 0" value={defaults[name]?.quota ?? ''} readOnly={!mayWrite} onChange={(e) => put(name, 'quota', e.currentTarget.value)} autoComplete="off" spellCheck={false} />
            </Group>
          ))}
          {change.error !== null && <Failed error={change.error} />}
          {mayWrite && <Group><Button type="submit" variant="default" disabled={JSON.stringify(stripped(defaults)) === JSON.stringify(stripped(account.limitDefaults))} loading={change.isPending}>Save limits</Button></Group>}
        </Stack>
      </form>
    </Section>
  );
}

/* Without what is empty, in one order. */
function stripped(defaults: Defaults): Defaults {
  const filled = rows.map(({ name }) => {
    const { rate = '', quota = '' } = defaults[name] ?? {};
    return [name, { ...(rate.trim() !== '' && { rate: rate.trim() }), ...(quota.trim() !== '' && { quota: quota.trim() }) }] as const;
  });
  return Object.fromEntries(filled.filter(([, one]) => Object.keys(one).length > 0));
}
