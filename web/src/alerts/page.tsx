// page.tsx - the alerts: what the watch has found, the newest first, as it is asked for.
import { Box, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { alertsQuery, useTestAlert } from '../api/alerts';
import { useMay } from '../api/session';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Foot } from '../parts/table';
import { toApi, useAsked, type AlertsAsked } from './asked';
import { Filters } from './filters';
import { AlertList } from './list';

/* Asked for, it takes all filters away, and shows alerts however they stand. */
const everything: AlertsAsked = { state: 'all', severity: '', detector: '', key: '', account: '' };

export default function AlertsPage() {
  const [asked, ask] = useAsked();
  const test = useTestAlert();
  const mayWrite = useMay('alerts:write');
  /* It is open, so that is where it is to be seen. */
  const send = () => test.mutate(undefined, { onSuccess: () => ask({ ...everything, state: '' }) });
  const button = mayWrite && <Button variant="default" loading={test.isPending} onClick={send}>Send a test alert</Button>;
  return (
    <Page title="Alerts" lead="What the watch has found in the record and on this host, and what became of it." actions={button}>
      {test.error !== null && <Failed error={test.error} />}
      <Filters asked={asked} ask={ask} />
      <Found asked={asked} test={button} showAll={() => ask(everything)} />
    </Page>
  );
}

type Props = { asked: AlertsAsked; test: ReactNode; showAll: () => void };

function Found({ asked, test, showAll }: Props) {
  const found = useInfiniteQuery(alertsQuery(toApi(asked)));
  const alerts = found.data?.pages.flatMap((page) => page.alerts);
  if (alerts === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Alerts found">
      {alerts === undefined && <Box p="lg"><Coming rows={6} what="Loading alerts" /></Box>}
      {alerts?.length === 0 && <None asked={asked} test={test} showAll={showAll} />}
      {alerts !== undefined && alerts.length > 0 && <AlertList alerts={alerts} />}
      {alerts !== undefined && alerts.length > 0 && <Foot shown={alerts.length} what={['alert', 'alerts']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
    </Card>
  );
}

/* Nothing open is how it should be: then it is told what would be here. */
function None({ asked, test, showAll }: Props) {
  const { state = 'open', ...narrowed } = asked;
  const isNarrowed = Object.keys(narrowed).length > 0 || state === 'acknowledged' || state === 'resolved';
  if (isNarrowed) return <Nothing title="No alert matches" action={<Button variant="default" onClick={showAll}>Show all alerts</Button>} />;
  return (
    <Nothing title={state === 'open' ? 'No alert is open' : 'No alerts yet'} action={test}>
      The watch reads all that comes onto the record, and looks after this host. Where it finds something unusual, such as wrong secrets again and again, a key in a new country, or far
      more requests than usual, it raises an alert here, and tells people by mail and webhook, where these are set up.
    </Nothing>
  );
}
