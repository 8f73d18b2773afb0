// one.tsx - one report, on one page, also of paper: what came, who signed in, what was found, and which keys want looking after.
import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { activityHref } from '../activity/asked';
import { Refusal } from '../api/problem';
import { reportQuery, type ReportWhole } from '../api/reports';
import { detectorName, severities } from '../alerts/words';
import { Facts } from '../parts/facts';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Tag } from '../parts/tag';
import { Steps } from '../people/steps';
import { Reasons } from '../usage/reasons';
import { Acknowledge } from './acknowledge';
import { Advice, Keys } from './keys';
import classes from './one.module.css';
import { stateNames, stateTones, weekOf } from './words';

export default function OneReport() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(reportQuery(id));
  if (data !== undefined) return <Shown key={id} of={data} />;
  if (error instanceof Refusal && (error.status === 404 || error.status === 400)) return <NoSuchReport />;
  return <Page title="Report">{error === null ? <Coming rows={8} what="Loading the report" /> : <Failed error={error} retry={() => void refetch()} />}</Page>;
}

function NoSuchReport() {
  return (
    <Page title="No such report">
      <Nothing title="There is no report with this id" action={<Anchor component={Link} href="/reports">All reports</Anchor>}>
        It may have been mistyped, or belong to another account.
      </Nothing>
    </Page>
  );
}

function Shown({ of: report }: { of: ReportWhole }) {
  const lead = (
    <div className={classes.under}>
      {report.account !== null && <Anchor component={Link} href={`/accounts/${encodeURIComponent(report.account)}`} className={classes.mono}>{report.account}</Anchor>}
      <Tag tone={stateTones[report.state]}>{stateNames[report.state]}</Tag>
      <span><Moment at={report.from} /> to <Moment at={report.to} /></span>
    </div>
  );
  return (
    <Page title={`Report of ${weekOf(report)}`} lead={lead} actions={<Button variant="default" className={classes.screen} onClick={() => window.print()}>Print</Button>}>
      <div className={classes.parts}>
        <Section title="Requests"><Requests of={report} /></Section>
        <Section title="Alerts" aside={<Link href={alertsOf(report)} className={classes.screen}>All of them</Link>}><Alerts of={report} /></Section>
        <Advice of={report.keys.advice} />
        <Keys of={report.keys} />
        <Section title="Sign-ins"><SignIns of={report} /></Section>
        <Acknowledge of={report} />
        <Section title="History"><Steps of={report.history.map((step, i) => ({ ...step, what: i === report.history.length - 1 ? 'Written' : stateNames[step.state] }))} /></Section>
      </div>
    </Page>
  );
}

function alertsOf({ account }: ReportWhole): string {
  return `/alerts?state=all${account === null ? '' : `&account=${encodeURIComponent(account)}`}`;
}

function Requests({ of: { requests, account, from, to } }: { of: ReportWhole }) {
  const reasons = Object.entries(requests.reasons).map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  return (
    <div className={classes.stack}>
      <Facts of={[['Allowed', requests.allowed.toLocaleString()], ['Denied', requests.denied.toLocaleString()]]} />
      <Reasons usage={{ reasons }} of={{ from, until: to, account: account ?? undefined }} />
    </div>
  );
}

function SignIns({ of: { signIns, account, from, to } }: { of: ReportWhole }) {
  return (
    <Facts
      of={[
        ['Members who came', signIns.done.toLocaleString()],
        ['Tries refused', signIns.refused === 0 ? '0' : <Link href={activityHref({ kind: 'sign_in', from, until: to, account: account ?? undefined })}>{signIns.refused.toLocaleString()}</Link>],
      ]}
    />
  );
}

function Alerts({ of: { alerts } }: { of: ReportWhole }) {
  const raised: [string, string][] = [...severities].reverse().map(({ value, name }) => [name, (alerts.raised[value] ?? 0).toLocaleString()]);
  return (
    <div className={classes.stack}>
      <Facts of={[...raised, ['Not resolved', alerts.notResolved.toLocaleString()]]} />
      {alerts.newPlaces.length > 0 && (
        <div>
          <h3 className={classes.head}>New places</h3>
          <ul className={classes.list}>
            {alerts.newPlaces.map(({ alert, key, detector }) => (
              <li key={alert}><Link href={`/alerts/${alert}`}>{detectorName(detector)}</Link>{key !== '' && <> of key <Link href={`/keys/${key}`} className={classes.mono}>{key}</Link></>}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
