// trial.tsx - asks the policy what it would say to a request: which line decides, and which permissions open it.
import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { fieldOf, told } from '../api/problem';
import { useTrial, type Verdict } from '../api/policy';
import { ToneMark } from '../activity/mark';
import { Failed } from '../parts/states';
import { permissions, reasonName, type Permission } from '../parts/words';
import { className, permissionNames } from './classes';
import classes from './trial.module.css';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function TestRequest() {
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('/');
  const [held, setHeld] = useState<string[]>(['read_only']);
  const trial = useTrial();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trial.mutate({ method, path: path.trim(), permissions: held as Permission[] });
  };
  const field = fieldOf(trial.error);
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-start">
          <NativeSelect label="Method" data={methods} value={method} onChange={(e) => setMethod(e.currentTarget.value)} className={classes.method} error={field === 'method' ? told(trial.error) : undefined} />
          <TextInput label="Path" value={path} onChange={(e) => setPath(e.currentTarget.value)} required withAsterisk={false} autoComplete="off" spellCheck={false} className={classes.path} classNames={{ input: classes.mono }} error={field === 'path' ? told(trial.error) : undefined} />
        </Group>
        <Checkbox.Group label="The key holds" value={held} onChange={setHeld} error={field === 'permissions' ? told(trial.error) : undefined}>
          <div className={classes.permissions}>
            {permissions.map(({ value, name }) => <Checkbox key={value} value={value} label={name} />)}
          </div>
        </Checkbox.Group>
        <Group><Button type="submit">Test the request</Button></Group>
        {trial.error !== null && !['method', 'path', 'permissions'].includes(field ?? '') && <Failed error={trial.error} />}
        <div role="status">{trial.data !== undefined && trial.variables !== undefined && <Said verdict={trial.data} asked={`${trial.variables.method} ${trial.variables.path}`} />}</div>
        <Text size="xs" c="dimmed">Only the policy is asked: addresses, limits and the state of a key are not looked at.</Text>
      </Stack>
    </form>
  );
}

function Said({ verdict, asked }: { verdict: Verdict; asked: string }) {
  const isAllowed = verdict.verdict === 'allow';
  return (
    <div className={classes.said} data-verdict={verdict.verdict}>
      <ToneMark tone={isAllowed ? 'allowed' : 'denied'} size={22} />
      <div>
        <Text fw={600}>{isAllowed ? (verdict.reason === 'public' ? 'Allowed without a key' : 'Allowed') : `Denied: ${reasonName(verdict.reason)}`}</Text>
        <Text size="sm" className={classes.mono}>{asked}</Text>
        <Text size="sm" mt={6}>{whichLine(verdict)}</Text>
        <Text size="sm">{whatOpens(verdict)}</Text>
      </div>
    </div>
  );
}

function whichLine({ reason, route, class: asks, policyVersion }: Verdict) {
  if (reason === 'path_ambiguous') return 'The path can be read in more than one way, as with //, /../ or %2F in it. It is refused whatever a key may do.';
  if (route !== null) return <>Decided by <span className={classes.mono}>{route}</span>, {className(asks ?? '')}, in version {policyVersion}.</>;
  return policyVersion === 0 ? 'There is no policy: each route is unlisted.' : `Version ${policyVersion} does not list it.`;
}

function whatOpens({ reason, opens, class: asks }: Verdict): string {
  if (reason === 'path_ambiguous') return 'Send it in its plain form.';
  if (asks === 'public') return 'It needs no key.';
  if (opens.length === 0) return 'No permission opens it.';
  return opens.length === 4 ? 'Any permission opens it.' : `Opened by ${permissionNames(opens)}.`;
}
