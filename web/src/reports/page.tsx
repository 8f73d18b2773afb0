// page.tsx - the weekly reports, the newest first.
import { Box, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { reportsQuery, type Report } from '../api/reports';
import { useMay } from '../api/session';
import { AccountSelect } from '../parts/account_select';
import { useInAddress } from '../parts/in_address';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Cell, Foot, nameClass, quietClass, Row, Table } from '../parts/table';
import { Tag } from '../parts/tag';
import { raisedIn, stateNames, stateTones, weekOf } from './words';
import { useWrite } from './write';

const allowed = { account: 'any' } as const;

export default function ReportsPage() {
  const mayWrite = useMay('alerts:write');
  const [{ account }, ask] = useInAddress<'account'>(allowed);
  const write = useWrite(account);
  const button = mayWrite && <Button variant="default" loading={write.isBusy} onClick={write.begin}>Write one now</Button>;
  return (
    <Page title="Reports" lead="The week of an account in one page, written on Monday at seven o’clock, UTC." actions={button}>
      {write.error !== null && <Failed error={write.error} />}
      <AccountSelect label="Account" value={account} onChange={(to) => ask({ account: to })} />
      <Found account={account} button={button} />
      {write.dialog}
    </Page>
  );
}

function Found({ account, button }: { account: string | undefined; button: ReactNode }) {
  const found = useInfiniteQuery(reportsQuery(account));
  const reports = found.data?.pages.flatMap((page) => page.reports);
  if (reports === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Reports found" isBusy={found.isFetching}>
      {reports === undefined && <Box p="lg"><Coming rows={5} what="Loading reports" /></Box>}
      {reports?.length === 0 && <Nothing title="No reports yet" action={button}>The first one comes when the account is a week old: requests, sign-ins, alerts, and the keys that want looking after. Somebody looks it through, and says so.</Nothing>}
      {reports !== undefined && reports.length > 0 && <ReportList reports={reports} />}
      {reports !== undefined && reports.length > 0 && <Foot shown={reports.length} what={['report', 'reports']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
    </Card>
  );
}

function ReportList({ reports }: { reports: Report[] }) {
  const seesAll = useMay('accounts:read');
  return (
    <Table label="Reports" heads={['Week', ...(seesAll ? ['Account'] : []), 'State', 'Requests', 'Alerts', 'Keys']}>
      {reports.map((report) => (
        <Row key={report.id}>
          <Cell><Link href={`/reports/${report.id}`} className={nameClass}>{weekOf(report)}</Link></Cell>
          {seesAll && <Cell label="Account">{report.account}</Cell>}
          <Cell label="State"><Tag tone={stateTones[report.state]}>{stateNames[report.state]}</Tag></Cell>
          <Cell label="Requests">{report.requests.allowed.toLocaleString()} allowed<span className={quietClass}>{report.requests.denied.toLocaleString()} denied</span></Cell>
          <Cell label="Alerts">{raisedIn(report).toLocaleString()}{report.alerts.notResolved > 0 && <span className={quietClass}>{report.alerts.notResolved.toLocaleString()} not resolved</span>}</Cell>
          <Cell label="Keys">{report.keys.active.toLocaleString()} active{report.keys.overdue.count > 0 && <span className={quietClass}>{report.keys.overdue.count.toLocaleString()} overdue</span>}</Cell>
        </Row>
      ))}
    </Table>
  );
}
