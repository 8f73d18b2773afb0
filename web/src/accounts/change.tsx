// change.tsx - the name of an account, and the addresses from which its keys may be used.
import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChangeAccount, type Account } from '../api/accounts';
import { fieldOf, Refusal, told } from '../api/problem';
import { useMay, useSession } from '../api/session';
import { Failed } from '../parts/states';
import classes from './page.module.css';

const MOST = 64;

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((address) => address !== '');
}

/* What the form was filled from. Another version takes its place as long as nothing was typed that it has not. */
function useFilled(account: Account) {
  const [read, setRead] = useState(account);
  const [name, setName] = useState(account.name);
  const [text, setText] = useState(account.allowIp.join('\n'));
  const allowIp = listOf(text);
  const isAs = (other: Account) => name.trim() === other.name && allowIp.join() === other.allowIp.join();
  if (account.version !== read.version && (isAs(read) || isAs(account))) {
    setRead(account);
    setName(account.name);
    setText(account.allowIp.join('\n'));
  }
  return { read, name, setName, text, setText, allowIp, isSame: isAs(read) };
}

export function ChangeAccount({ account }: { account: Account }) {
  const mayWrite = useMay('account:write');
  const session = useSession();
  const { read, name, setName, text, setText, allowIp, isSame } = useFilled(account);
  const change = useChangeAccount(account.id);
  const field = fieldOf(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ version: read.version, body: { name: name.trim(), allowIp } });
  };
  const addMine = () => setText([...allowIp, session.source].join('\n'));
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" value={name} onChange={(e) => setName(e.currentTarget.value)} readOnly={!mayWrite} required withAsterisk={false} autoComplete="off" error={field === 'name' ? told(change.error) : undefined} />
        <Textarea
          label="Addresses"
          description="One a line, 64 at most: 203.0.113.7, 10.8.0.0/16 or 2001:db8::/32, with =transact behind it for some classes only. When there is none, any address may be used."
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          readOnly={!mayWrite}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: classes.addresses }}
          error={field === 'allowIp' ? told(change.error) : allowIp.length > MOST ? `These are ${allowIp.length}; ${MOST} are the most` : undefined}
        />
        <Text size="sm" c="dimmed">A key's own addresses narrow these further.</Text>
        {change.error instanceof Refusal && change.error.status === 412 && <Stale />}
        {change.error !== null && field !== 'name' && field !== 'allowIp' && !(change.error instanceof Refusal && change.error.status === 412) && <Failed error={change.error} />}
        {mayWrite ? (
          <Group>
            <Button type="submit" disabled={isSame || name.trim() === '' || allowIp.length > MOST} loading={change.isPending}>Save changes</Button>
            {session.source !== null && !allowIp.includes(session.source) && <Button variant="default" onClick={addMine}>Add my address</Button>}
          </Group>
        ) : (
          <Text size="sm" c="dimmed">An admin of the account may change this.</Text>
        )}
      </Stack>
    </form>
  );
}

function Stale() {
  return (
    <Alert color="ochre" variant="light" role="alert" title="Somebody else changed this account meanwhile">
      Copy what you typed, load the page anew, and put it in again.
    </Alert>
  );
}
