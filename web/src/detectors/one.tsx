// one.tsx - one detector: on or off, how grave what it finds is, what is done then, and its numbers.
import { Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import type { Severity } from '../api/alerts';
import type { DetectorRule, Threshold } from '../api/thresholds';
import { detectorName, severities } from '../alerts/words';
import { Tag } from '../parts/tag';
import { defaultOf, isSame, wrongWith, type Draft } from './draft';
import classes from './page.module.css';

type Props = { of: DetectorRule; draft: Draft; isSaved: boolean; onChange?: (to: Draft) => void };

const actions = [
  { value: 'notify', label: 'Tell people' },
  { value: 'read_only', label: 'Set the key to Read Only' },
  { value: 'disable', label: 'Disable the key' },
];

const below: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** Without `onChange` it can only be read. */
export function Detector({ of: rule, draft, isSaved, onChange }: Props) {
  const name = detectorName(rule.detector);
  const change = (part: Partial<Draft>) => onChange?.({ ...draft, ...part });
  const isDefault = isSame(draft, defaultOf(rule));
  return (
    <li className={classes.detector} aria-label={name} data-off={draft.off || undefined}>
      <div className={classes.what}>
        <span className={classes.name}>{name}</span> <span className={classes.code}>{rule.detector}</span>
        <p>{rule.title.charAt(0).toUpperCase() + rule.title.slice(1)}</p>
        <div className={classes.marks}>
          <Switch size="sm" label="On" aria-label={`${name}: on`} checked={!draft.off} disabled={!onChange} onChange={(e) => change({ off: !e.currentTarget.checked })} />
          {!isDefault && <Tag tone="open">Changed</Tag>}
          {!isSaved && <Tag tone="over">Not saved</Tag>}
          {!isDefault && onChange && <Button variant="default" size="compact-xs" aria-label={`${name} as by default`} onClick={() => onChange(defaultOf(rule))}>As by default</Button>}
        </div>
      </div>
      <div className={classes.fields}>
        <NativeSelect size="sm" label="Severity" disabled={!onChange} value={draft.severity} onChange={(e) => change({ severity: e.currentTarget.value as Severity })} data={severities.map(({ value, name: label }) => ({ value, label }))} description={`${rule.defaultSeverity} by default`} inputWrapperOrder={below} />
        {rule.mayAct && <NativeSelect size="sm" label="What is done" disabled={!onChange} value={draft.action} onChange={(e) => change({ action: e.currentTarget.value as Draft['action'] })} data={actions} description="by default, people are told" inputWrapperOrder={below} />}
        {Object.entries(rule.numbers).map(([number, its]) => (
          <Number key={number} name={number} of={its} value={draft.numbers[number] ?? ''} onChange={onChange && ((text) => change({ numbers: { ...draft.numbers, [number]: text } }))} />
        ))}
      </div>
    </li>
  );
}

type NumberProps = { name: string; of: Threshold; value: string; onChange: ((text: string) => void) | undefined };

function Number({ name, of, value, onChange }: NumberProps) {
  const { what, least, most, default: by } = of;
  return (
    <TextInput
      size="sm"
      label={what.charAt(0).toUpperCase() + what.slice(1)}
      description={<><span className={classes.code}>{name}</span>, {by.toLocaleString()} by default; {least.toLocaleString()} to {most.toLocaleString()}</>}
      inputWrapperOrder={below}
      inputMode="numeric"
      disabled={!onChange}
      value={value}
      onChange={(e) => onChange?.(e.currentTarget.value)}
      error={wrongWith(value, of)}
      autoComplete="off"
    />
  );
}
