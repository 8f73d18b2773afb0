// filters.tsx - what to look for in the record: each filter is a part of the address.
import { Button, Collapse, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { fieldOf, told } from '../api/problem';
import { useMay } from '../api/session';
import { environments, reasons } from '../parts/words';
import type { Asked, FilterName } from './asked';
import classes from './filters.module.css';
import { TimeFilter } from './time';

type Props = { asked: Asked; change: (part: Asked) => void; clear: () => void; error: unknown };
type Choice = { label: string; name: FilterName; options: { value: string; label: string }[] };

const choices: Choice[] = [
  { label: 'What', name: 'kind', options: [{ value: '', label: 'Everything' }, { value: 'event', label: 'Requests' }, { value: 'change', label: 'Changes' }, { value: 'sign_in', label: 'Sign-ins' }, { value: 'leak', label: 'Leaks' }, { value: 'spend', label: 'Spending' }, { value: 'warning', label: 'Warnings' }, { value: 'read', label: 'Readings' }] },
  { label: 'Outcome', name: 'verdict', options: [{ value: '', label: 'Any' }, { value: 'allow', label: 'Allowed' }, { value: 'deny', label: 'Denied' }] },
  { label: 'Environment', name: 'environment', options: [{ value: '', label: 'Both' }, ...Object.entries(environments).map(([value, label]) => ({ value, label }))] },
  { label: 'From', name: 'browser', options: [{ value: '', label: 'Everything' }, { value: 'true', label: 'Browsers' }] },
  { label: 'Reason', name: 'reason', options: [{ value: '', label: 'Any' }, ...Object.entries(reasons).map(([value, label]) => ({ value, label: `${label} (${value})` }))] },
];
const texts: { label: string; name: FilterName; placeholder: string; scope?: string }[] = [
  { label: 'Key id', name: 'key', placeholder: '14 characters' },
  { label: 'Address', name: 'source', placeholder: '203.0.113.7' },
  { label: 'Request id', name: 'request', placeholder: '32 hexadecimal digits' },
  { label: 'Account', name: 'account', placeholder: 'main', scope: 'accounts:read' },
];

/** On a narrow screen they wait behind a button; those in use are counted on it. */
export function Filters({ asked, change, clear, error }: Props) {
  const [isOpen, { toggle }] = useDisclosure();
  const inUse = Object.keys(asked).length;
  return (
    <section aria-label="Filters" className={classes.filters}>
      <Button variant="default" hiddenFrom="sm" leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />} onClick={toggle} aria-expanded={isOpen}>
        {inUse === 0 ? 'Filters' : `Filters (${inUse})`}
      </Button>
      <div className={classes.wide}><Fields asked={asked} change={change} error={error} /></div>
      <Collapse expanded={isOpen} hiddenFrom="sm">{isOpen && <Fields asked={asked} change={change} error={error} />}</Collapse>
      {inUse > 0 && (
        <Group mt="xs">
          <Button size="compact-sm" variant="subtle" onClick={clear}>Show everything</Button>
        </Group>
      )}
    </section>
  );
}

function Fields({ asked, change, error }: Omit<Props, 'clear'>) {
  const seesAccounts = useMay('accounts:read');
  return (
    <div className={classes.fields}>
      <TimeFilter asked={asked} change={change} error={error} />
      {choices.map(({ label, name, options }) => (
        <NativeSelect key={name} label={label} size="sm" data={options} value={asked[name] ?? ''} onChange={(e) => change({ [name]: e.currentTarget.value })} error={wrong(error, name)} />
      ))}
      {texts.filter(({ scope }) => scope === undefined || seesAccounts).map(({ name, ...rest }) => (
        <TextFilter key={name} {...rest} value={asked[name] ?? ''} onSet={(value) => change({ [name]: value })} error={wrong(error, name)} />
      ))}
      {asked.member !== undefined && <TextFilter label="Member" placeholder="14 characters" value={asked.member} onSet={(value) => change({ member: value })} error={wrong(error, 'member')} />}
    </div>
  );
}

function wrong(error: unknown, name: string): string | undefined {
  return fieldOf(error) === name ? told(error) : undefined;
}

type TextProps = { label: string; placeholder: string; value: string; onSet: (value: string) => void; error?: string };

/* Looked for when it is finished: with Enter, or by going on. */
function TextFilter({ label, placeholder, value, onSet, error }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const set = () => {
    if (typed.trim() !== value) onSet(typed.trim());
  };
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      size="sm"
      value={typed}
      onChange={(e) => setTyped(e.currentTarget.value)}
      onBlur={set}
      onKeyDown={(e) => { if (e.key === 'Enter') set(); }}
      error={error}
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: classes.mono }}
    />
  );
}
