// filters.tsx - the line above the usage: since when, and of what.
import { Group, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AccountSelect } from '../parts/account_select';
import { environments } from '../parts/words';
import { idOf, ranges, type UsageAsked } from './asked';
import classes from './numbers.module.css';

type Props = { asked: UsageAsked; ask: (change: UsageAsked) => void };

const environmentOptions = [{ value: '', label: 'Both' }, ...Object.entries(environments).map(([value, label]) => ({ value, label }))];

export function Filters({ asked: { range = '24h', environment, account, key }, ask }: Props) {
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Usage">
      <SegmentedControl data={ranges} value={range} onChange={(to) => ask({ range: to })} aria-label="Time shown" />
      <NativeSelect className={classes.filter} label="Environment" value={environment ?? ''} onChange={(e) => ask({ environment: e.currentTarget.value })} data={environmentOptions} />
      <AccountSelect className={classes.filter} label="Account" value={account} onChange={(to) => ask({ account: to })} />
      <KeyField key={key} value={key ?? ''} onChange={(to) => ask({ key: to })} />
    </Group>
  );
}

/* Asked for when it is whole: with Enter, or by going on. */
function KeyField({ value, onChange }: { value: string; onChange: (to: string) => void }) {
  const [typed, setTyped] = useState(value);
  const done = () => idOf(typed) !== value && onChange(idOf(typed));
  return (
    <form onSubmit={(event) => { event.preventDefault(); done(); }}>
      <TextInput label="Key" placeholder="All keys" value={typed} onChange={(e) => setTyped(e.currentTarget.value)} onBlur={done} autoComplete="off" spellCheck={false} />
    </form>
  );
}
