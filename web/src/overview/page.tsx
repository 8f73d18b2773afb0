// page.tsx - the overview: how much comes, what is refused, which keys want looking after, who signed in.
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { OpenAlerts } from '../alerts/sections';
import { outlineQuery } from '../api/overview';
import { useMay } from '../api/session';
import { FreezeEverybody } from '../freezes/sections';
import { AccountSelect } from '../parts/account_select';
import { Page } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Beginning, hasNoKeys } from './beginning';
import { Keys } from './keys';
import classes from './page.module.css';
import { RecordState } from './record_state';
import { SignIns } from './sign_ins';
import { Denials, Traffic } from './traffic';

const ranges = [
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
];

/* Range and account stand in the address. */
function useView() {
  const [params, setParams] = useSearchParams();
  const set = (name: string, value: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      value === '' ? after.delete(name) : after.set(name, value);
      return after;
    }, { replace: true });
  const range = ranges.find(({ value }) => value === params.get('range'))?.value ?? '24h';
  return { range, account: params.get('account') ?? undefined, setRange: (value: string) => set('range', value), setAccount: (value: string) => set('account', value) };
}

export default function Overview() {
  const { range, account, setRange, setAccount } = useView();
  const maySeeEvents = useMay('events:read');
  const outline = useQuery(outlineQuery(account));
  const isBeginning = outline.data !== undefined && account === undefined && hasNoKeys(outline.data);
  const actions = (
    <>
      <AccountSelect aria-label="Account" value={account} onChange={setAccount} />
      <SegmentedControl data={ranges} value={range} onChange={setRange} aria-label="Time shown" />
    </>
  );
  if (outline.data === undefined && outline.error === null) return <Page title="Overview"><Coming rows={8} /></Page>;
  if (isBeginning) return <Page title="Overview" lead="Three steps, and requests get through."><Beginning /></Page>;
  return (
    <Page title="Overview" actions={actions}>
      <Traffic range={range} account={account} />
      <div className={classes.columns}>
        <div className={classes.column}>
          {maySeeEvents && <OpenAlerts account={account} />}
          <Denials range={range} account={account} />
          <RecordState />
        </div>
        <div className={classes.column}>
          {outline.data === undefined ? <Failed error={outline.error} retry={() => void outline.refetch()} /> : <Keys outline={outline.data} account={account} />}
          <SignIns account={account} />
          <FreezeEverybody />
        </div>
      </div>
    </Page>
  );
}
