// spend_rule.tsx - the limits of one currency: set, changed, and taken away.
import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Key } from '../api/keys';
import { fieldOf, Refusal, told } from '../api/problem';
import { usePutSpendRule, type NewSpendRule, type SpendRule, type SpendRules } from '../api/spend';
import { Dialog } from '../parts/dialog';
import { Refused } from './deeds';

const limits = [
  { name: 'perTransaction', label: 'At once' },
  { name: 'perHour', label: 'An hour' },
  { name: 'perDay', label: 'A day' },
  { name: 'perMonth', label: 'A month' },
] as const;

type Typed = Record<(typeof limits)[number]['name'] | 'currency' | 'decimals' | 'destinations' | 'prefixes', string>;

function typedOf(rule: SpendRule | null): Typed {
  return {
    currency: rule?.currency ?? '',
    decimals: rule === null ? '' : String(rule.decimals),
    perTransaction: rule?.perTransaction ?? '',
    perHour: rule?.perHour ?? '',
    perDay: rule?.perDay ?? '',
    perMonth: rule?.perMonth ?? '',
    destinations: rule?.destinations.join('\n') ?? '',
    prefixes: rule?.prefixes.join('\n') ?? '',
  };
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

/* An amount stays the text that was typed: it is the API that knows what one is. */
function ruleOf(typed: Typed): NewSpendRule {
  const amounts = Object.fromEntries(limits.map(({ name }) => [name, typed[name].trim() === '' ? null : typed[name].trim()]));
  const decimals = typed.decimals.trim() === '' ? {} : { decimals: Number(typed.decimals) };
  return { currency: typed.currency.trim(), ...decimals, ...amounts, destinations: linesOf(typed.destinations), prefixes: linesOf(typed.prefixes) };
}

type Props = { of: Key; read: SpendRules; rule: SpendRule | null; onClose: () => void };

/** Mount it when it is asked for; without a `rule` it is about a currency that has none. */
export function SpendRuleForm({ of: key, read: now, rule, onClose }: Props) {
  const [read] = useState(now);
  const [typed, setTyped] = useState(() => typedOf(rule));
  const put = usePutSpendRule(key.id);
  const set = (to: Partial<Typed>) => setTyped({ ...typed, ...to });
  const field = fieldOf(put.error);
  const errorOf = (name: keyof Typed) => (field === name ? told(put.error) : undefined);
  const send = (one: NewSpendRule | null) => put.mutate({ read, currency: rule?.currency ?? typed.currency.trim(), rule: one }, { onSuccess: onClose });
  const isTaken = rule === null && read.rules.some(({ currency }) => currency === typed.currency.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isTaken) send(ruleOf(typed));
  };
  const area = (name: 'destinations' | 'prefixes', label: string, description: string) => (
    <Textarea label={label} description={description} autosize minRows={2} maxRows={8} value={typed[name]} onChange={(e) => set({ [name]: e.currentTarget.value })} error={errorOf(name)} spellCheck={false} autoComplete="off" />
  );
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>{rule === null ? 'Limit a currency' : `Limits of ${rule.currency}`}</Text>} size="lg" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          {rule === null && <TextInput label="Currency" description="As the payment backend names it, as in NGN. All currencies without limits are refused from then on" required value={typed.currency} onChange={(e) => set({ currency: e.currentTarget.value.toUpperCase() })} error={isTaken ? 'It has limits already: change those' : errorOf('currency')} autoComplete="off" spellCheck={false} data-autofocus />}
          <Amounts typed={typed} set={set} errorOf={errorOf} />
          {area('destinations', 'May go to', 'Exactly there, one a line. Where both of these are empty, anywhere')}
          {area('prefixes', 'May go to what begins with', 'One a line, as in acct_')}
          <TextInput label="Decimals" description="That amounts of it have; empty for those of ISO 4217" inputMode="numeric" w={220} value={typed.decimals} onChange={(e) => set({ decimals: e.currentTarget.value.replace(/\D/g, '') })} error={errorOf('decimals')} autoComplete="off" />
          <Trouble error={put.error} isShown={field !== undefined && field in typed} again={() => send(put.variables?.rule ?? null)} />
          <Group justify="space-between">
            {rule === null ? <span /> : <Button variant="outline" color="brick" loading={put.isPending} onClick={() => send(null)}>{read.rules.length === 1 ? 'Remove all spend limits' : `Refuse ${rule.currency} from now on`}</Button>}
            <Group>
              <Button variant="default" onClick={onClose}>Cancel</Button>
              <Button type="submit" loading={put.isPending}>Save limits</Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type AmountsProps = { typed: Typed; set: (to: Partial<Typed>) => void; errorOf: (name: keyof Typed) => string | undefined };

function Amounts({ typed, set, errorOf }: AmountsProps) {
  return (
    <>
      <Text size="sm" c="dimmed">Amounts as in 5000.00; empty for no limit. Hours, days and months are those of UTC.</Text>
      <Group grow align="flex-start">
        {limits.map(({ name, label }) => <TextInput key={name} label={label} inputMode="decimal" miw={110} value={typed[name]} onChange={(e) => set({ [name]: e.currentTarget.value })} error={errorOf(name)} autoComplete="off" />)}
      </Group>
    </>
  );
}

function Trouble({ error, isShown, again }: { error: unknown; isShown: boolean; again: () => void }) {
  if (error === null || isShown) return null;
  if (error instanceof Refusal && error.status === 412)
    return <Alert color="ochre" variant="light" title="Somebody changed the spend limits meanwhile" role="alert">Nothing has been overwritten. Close this, look at what there is now, and change it then.</Alert>;
  return <Refused error={error} again={again} />;
}
