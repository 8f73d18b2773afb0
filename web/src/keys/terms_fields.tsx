// terms_fields.tsx - the rest of what a key may do: until when, from where, how often; and when it is to be rotated.
import { Button, Checkbox, Group, Input, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useSession } from '../api/session';
import classes from './choices.module.css';
import { classNames, quotaInWords, rateInWords, type Given, type Rule, type Terms, type Unit } from './terms';

const MOST_RULES = 64;

export type Setting = { terms: Terms; set: (change: Partial<Terms>) => void; errorOf: (field: string) => string | undefined; given?: Given };

export function TermsFields(setting: Setting) {
  return (
    <Stack gap="lg">
      <Expiry {...setting} />
      <Addresses {...setting} />
      <RateAndQuota {...setting} />
      <Rotation {...setting} />
    </Stack>
  );
}

const expiries = [
  { value: 'never', label: 'Never' },
  { value: '30d', label: 'In 30 days' },
  { value: '90d', label: 'In 90 days' },
  { value: '365d', label: 'In 365 days' },
  { value: 'date', label: 'On a day' },
];

function Expiry({ terms, set, errorOf }: Setting) {
  return (
    <Group align="flex-start" gap="sm">
      <NativeSelect label="Expires" value={terms.expires} onChange={(e) => set({ expires: e.currentTarget.value })} data={expiries} error={terms.expires === 'date' ? undefined : errorOf('expires')} miw={170} />
      {terms.expires === 'date' && (
        <TextInput type="date" label="Day" required value={terms.date} onChange={(e) => set({ date: e.currentTarget.value })} description="Refused from 00:00 UTC on" inputWrapperOrder={['label', 'input', 'description', 'error']} error={errorOf('expires')} />
      )}
    </Group>
  );
}

/** An empty list lets every address in; the words say so. */
function Addresses({ terms, set, errorOf }: Setting) {
  const { source } = useSession();
  const { rules } = terms;
  const put = (at: number, rule: Rule) => set({ rules: rules.map((old, i) => (i === at ? rule : old)) });
  const add = (address: string) => set({ rules: [...rules.filter((r) => r.address.trim() !== ''), { address, classes: [...classNames] }] });
  const isFull = rules.length >= MOST_RULES;
  return (
    <Input.Wrapper label="Allowed addresses" labelElement="div" description="An address or a network each, as in 203.0.113.7 or 10.8.0.0/16. A kind of request without one may come from everywhere." error={errorOf('allowIp')}>
      {rules.length > 0 && (
        <ul className={classes.rules} style={{ marginTop: 8 }}>
          {rules.map((rule, i) => <RuleRow key={i} rule={rule} number={i + 1} put={(to) => put(i, to)} remove={() => set({ rules: rules.filter((_, j) => j !== i) })} />)}
        </ul>
      )}
      <Group gap="sm" mt={8}>
        <Button variant="default" size="compact-sm" disabled={isFull} onClick={() => add('')}>Add an address</Button>
        {source !== null && <Button variant="default" size="compact-sm" disabled={isFull || rules.some((r) => r.address.trim() === source)} onClick={() => add(source)}>Add my address ({source})</Button>}
        {isFull && <Text size="sm" c="dimmed">64 at most</Text>}
      </Group>
    </Input.Wrapper>
  );
}

type RuleProps = { rule: Rule; number: number; put: (to: Rule) => void; remove: () => void };

function RuleRow({ rule, number, put, remove }: RuleProps) {
  const toggle = (name: (typeof classNames)[number], isOn: boolean) =>
    put({ ...rule, classes: classNames.filter((c) => (c === name ? isOn : rule.classes.includes(c))) });
  return (
    <li className={classes.rule}>
      <TextInput aria-label={`Address ${number}`} value={rule.address} onChange={(e) => put({ ...rule, address: e.currentTarget.value })} autoComplete="off" spellCheck={false} ff="monospace" flex="1 1 200px" data-autofocus={rule.address === '' || undefined} />
      <Group gap="sm" role="group" aria-label={`Kinds of request from address ${number}`}>
        {classNames.map((name) => (
          <Checkbox key={name} size="xs" label={name} checked={rule.classes.includes(name)} disabled={rule.classes.length === 1 && rule.classes[0] === name} onChange={(e) => toggle(name, e.currentTarget.checked)} />
        ))}
      </Group>
      <Button variant="subtle" size="compact-sm" px={6} color="gray" onClick={remove} aria-label={`Remove address ${number}`}><IconX size={15} aria-hidden /></Button>
    </li>
  );
}

const rateUnits = [
  { value: 'second', label: 'a second' },
  { value: 'minute', label: 'a minute' },
  { value: 'hour', label: 'an hour' },
  { value: 'day', label: 'a day' },
  { value: 'none', label: 'no limit' },
];
const quotaUnits = [
  { value: 'day', label: 'a day' },
  { value: 'month', label: 'a month' },
  { value: 'none', label: 'no quota' },
];

/** What is given comes first among the units, in words, where there is such a thing: for a new key. */
function RateAndQuota({ terms, set, errorOf, given }: Setting) {
  const rates = given === undefined ? rateUnits : [{ value: 'given', label: `as usual: ${rateInWords(given.rate)}` }, ...rateUnits];
  const quotas = given === undefined ? quotaUnits : [{ value: 'given', label: `as usual: ${quotaInWords(given.quota)}` }, ...quotaUnits];
  const isOpen = (unit: Unit) => unit !== 'none' && unit !== 'given';
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="sm">
        <TextInput label="Requests" inputMode="numeric" value={terms.rate} disabled={!isOpen(terms.rateUnit)} onChange={(e) => set({ rate: e.currentTarget.value })} error={errorOf('rate')} w={130} />
        <NativeSelect label="Rate" value={terms.rateUnit} onChange={(e) => set({ rateUnit: e.currentTarget.value as Unit })} data={rates} />
        <TextInput label="At once" placeholder="a tenth" inputMode="numeric" value={terms.burst} disabled={!isOpen(terms.rateUnit)} onChange={(e) => set({ burst: e.currentTarget.value })} w={110} />
      </Group>
      <Group align="flex-start" gap="sm">
        <TextInput label="Requests in all" inputMode="numeric" value={terms.quota} disabled={!isOpen(terms.quotaUnit)} onChange={(e) => set({ quota: e.currentTarget.value })} error={errorOf('quota')} w={130} />
        <NativeSelect label="Quota" value={terms.quotaUnit} onChange={(e) => set({ quotaUnit: e.currentTarget.value as Unit })} data={quotas} />
      </Group>
    </Stack>
  );
}

const whenOverdue = [
  { value: 'alert', label: 'It is shown as overdue' },
  { value: 'read_only', label: 'It only reads' },
  { value: 'expire', label: 'It expires, for good' },
];

function Rotation({ terms, set, errorOf }: Setting) {
  return (
    <Group align="flex-start" gap="sm">
      <TextInput label="Rotate after days" description="0: never" inputMode="numeric" value={terms.rotationDays} onChange={(e) => set({ rotationDays: e.currentTarget.value })} error={errorOf('rotationDays')} inputWrapperOrder={['label', 'input', 'description', 'error']} w={160} />
      <NativeSelect label="If it is overdue" value={terms.onOverdue} onChange={(e) => set({ onOverdue: e.currentTarget.value as Terms['onOverdue'] })} data={whenOverdue} error={errorOf('onOverdue')} />
    </Group>
  );
}
