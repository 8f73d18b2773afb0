// filters.tsx - the line above the list of alerts: how they stand, and what it is narrowed to.
import { Button, Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { AccountSelect } from '../parts/account_select';
import { states, type AlertsAsked } from './asked';
import classes from './page.module.css';
import { detectors, severities } from './words';

type Props = { asked: AlertsAsked; ask: (change: AlertsAsked) => void };

const severityOptions = [{ value: '', label: 'Any' }, ...severities.slice(1).map(({ value, name }) => ({ value, label: value === 'critical' ? name : `${name} and above` }))];
const detectorOptions = [{ value: '', label: 'Any' }, ...Object.entries(detectors).map(([value, label]) => ({ value, label }))];

export function Filters({ asked: { state = 'open', severity, detector, key, account }, ask }: Props) {
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Alerts">
      <SegmentedControl data={states} value={state} onChange={(to) => ask({ state: to === 'open' ? '' : to })} aria-label="State" classNames={{ root: classes.states, control: classes.stateOf, label: classes.stateName }} />
      <NativeSelect className={classes.filter} label="Severity" value={severity ?? ''} onChange={(e) => ask({ severity: e.currentTarget.value })} data={severityOptions} />
      <NativeSelect className={classes.filter} label="Found by" value={detector ?? ''} onChange={(e) => ask({ detector: e.currentTarget.value })} data={detectorOptions} />
      <AccountSelect className={classes.filter} label="Account" value={account} onChange={(to) => ask({ account: to })} />
      {key !== undefined && <Button variant="default" onClick={() => ask({ key: '' })}>About key {key} only: show all</Button>}
    </Group>
  );
}
