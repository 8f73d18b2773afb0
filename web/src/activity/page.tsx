// page.tsx - the record: what happened, newest first, as it is asked for.
import { Button, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { IconDownload, IconLink, IconRefresh } from '@tabler/icons-react';
import { useMay } from '../api/session';
import { Page } from '../parts/page';
import { useAsked, filterOf } from './asked';
import { ChainDialog } from './chain';
import { ExportDialog } from './export';
import { Filters } from './filters';
import { Live } from './live';
import { Pages } from './pages';

export default function Activity() {
  const { asked, change, clear, isLive, setLive } = useAsked();
  const queries = useQueryClient();
  const showsAccount = useMay('accounts:read') && asked.account === undefined;
  const [error, setError] = useState<unknown>(null);
  const filter = filterOf(asked);
  const refresh = () => void queries.resetQueries({ queryKey: ['events', 'list', filter] });
  return (
    <Page title="Activity" lead="Every attempt, every change and every sign-in, newest first." actions={<Actions asked={asked} isLive={isLive} setLive={setLive} refresh={refresh} />}>
      <Filters asked={asked} change={change} clear={clear} error={error} />
      {isLive ? (
        <Live key={JSON.stringify(filter)} filter={filter} showsAccount={showsAccount} />
      ) : (
        <Pages key={JSON.stringify(filter)} filter={filter} isFiltered={Object.keys(asked).length > 0} showsAccount={showsAccount} onClear={clear} onGoOn={(until) => { change({ until: secondAfter(until) }); window.scrollTo(0, 0); }} onError={setError} />
      )}
    </Page>
  );
}

/* The API's times are whole seconds: a few lines are shown once more, and none is left out. */
function secondAfter(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000 + 1) * 1000).toISOString().replace('.000Z', 'Z');
}

type ActionProps = { asked: ReturnType<typeof useAsked>['asked']; isLive: boolean; setLive: (isOn: boolean) => void; refresh: () => void };

function Actions({ asked, isLive, setLive, refresh }: ActionProps) {
  const mayOperate = useMay('operate');
  const [dialog, setDialog] = useState<'export' | 'chain' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Switch label="Live" checked={isLive} onChange={(e) => setLive(e.currentTarget.checked)} />
      {!isLive && <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={refresh}>Refresh</Button>}
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => setDialog('export')}>Export</Button>
      {mayOperate && <Button variant="default" leftSection={<IconLink size={16} aria-hidden />} onClick={() => setDialog('chain')}>Check the chain</Button>}
      {dialog === 'export' && <ExportDialog asked={asked} onClose={close} />}
      {dialog === 'chain' && <ChainDialog onClose={close} />}
    </>
  );
}
