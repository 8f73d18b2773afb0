// time.tsx - which stretch of time is looked at: one of a few, or from and until as one says them.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldOf, told } from '../api/problem';
import type { Asked } from './asked';

const stretches = [
  { value: '', label: 'All of the record' },
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'own', label: 'From … until …' },
];

type Props = { asked: Asked; change: (part: Asked) => void; error: unknown };

export function TimeFilter({ asked, change, error }: Props) {
  const isKnown = asked.until === undefined && stretches.some(({ value }) => value === (asked.from ?? ''));
  const [isOwn, setOwn] = useState(false);
  const choose = (value: string) => {
    setOwn(value === 'own');
    if (value !== 'own') change({ from: value, until: '' });
  };
  return (
    <>
      <NativeSelect label="Time" size="sm" data={stretches} value={isOwn || !isKnown ? 'own' : (asked.from ?? '')} onChange={(e) => choose(e.currentTarget.value)} />
      {(isOwn || !isKnown) && (
        <>
          <Instant label="From" value={asked.from} onSet={(from) => change({ from })} error={fieldOf(error) === 'from' ? told(error) : undefined} />
          <Instant label="Until" value={asked.until} onSet={(until) => change({ until })} error={fieldOf(error) === 'until' ? told(error) : undefined} />
        </>
      )}
    </>
  );
}

/* The browser's field speaks local time, the address UTC; "7d" is not an instant, and leaves the field empty. */
function localText(value: string | undefined): string {
  const at = value === undefined ? NaN : Date.parse(value);
  if (Number.isNaN(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function Instant({ label, value, onSet, error }: { label: string; value: string | undefined; onSet: (value: string) => void; error?: string }) {
  const set = (text: string) => {
    const at = new Date(text);
    onSet(text === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString().replace('.000Z', 'Z'));
  };
  return <TextInput key={value ?? ''} type="datetime-local" step={1} label={label} size="sm" defaultValue={localText(value)} onBlur={(e) => { if (e.currentTarget.value !== localText(value)) set(e.currentTarget.value); }} error={error} />;
}
