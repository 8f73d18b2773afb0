// routes.tsx - which page stands at which address. Each is fetched when it is first gone to.
import { Anchor } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, Redirect, Route, Switch } from 'wouter';
import { Page } from '../parts/page';
import { Coming, Nothing } from '../parts/states';

const Overview = lazy(() => import('../overview/page'));
const Activity = lazy(() => import('../activity/page'));
const OneRequest = lazy(() => import('../activity/one'));
const Alerts = lazy(() => import('../alerts/page'));
const OneAlert = lazy(() => import('../alerts/one'));
const Reports = lazy(() => import('../reports/page'));
const OneReport = lazy(() => import('../reports/one'));
const Usage = lazy(() => import('../usage/page'));
const Detectors = lazy(() => import('../detectors/page'));
const Webhooks = lazy(() => import('../webhooks/page'));
const OneWebhook = lazy(() => import('../webhooks/one'));
const Policy = lazy(() => import('../policy/page'));
const Accounts = lazy(() => import('../accounts/page'));
const AccountPage = lazy(() => import('../accounts/one'));
const Keys = lazy(() => import('../keys/page'));
const CreateKey = lazy(() => import('../keys/create'));
const KeyPage = lazy(() => import('../keys/key_page'));
const Members = lazy(() => import('../people/page'));
const MemberPage = lazy(() => import('../people/member_page'));
const Tokens = lazy(() => import('../tokens/page'));
const You = lazy(() => import('../you/page'));

export function Routes() {
  return (
    <Suspense fallback={<Coming rows={6} />}>
      <Switch>
        <Route path="/" component={Overview} />
        <Route path="/activity" component={Activity} />
        <Route path="/activity/:id" component={OneRequest} />
        <Route path="/alerts" component={Alerts} />
        <Route path="/alerts/:id" component={OneAlert} />
        <Route path="/reports" component={Reports} />
        <Route path="/reports/:id" component={OneReport} />
        <Route path="/usage" component={Usage} />
        <Route path="/detectors" component={Detectors} />
        <Route path="/webhooks" component={Webhooks} />
        <Route path="/webhooks/:id" component={OneWebhook} />
        <Route path="/policy" component={Policy} />
        <Route path="/accounts" component={Accounts} />
        <Route path="/accounts/:id" component={AccountPage} />
        <Route path="/keys" component={Keys} />
        <Route path="/keys/new" component={CreateKey} />
        <Route path="/keys/:id" component={KeyPage} />
        <Route path="/members" component={Members} />
        <Route path="/members/:id" component={MemberPage} />
        <Route path="/tokens" component={Tokens} />
        <Route path="/you" component={You} />
        <Route path="/sign-in"><Redirect to="/" replace /></Route>
        <Route path="/forgot"><Redirect to="/you" replace /></Route>
        <Route><NotHere /></Route>
      </Switch>
    </Suspense>
  );
}

function NotHere() {
  return (
    <Page title="Nothing here">
      <Nothing title="There is no such page" action={<Anchor component={Link} href="/">To the overview</Anchor>} />
    </Page>
  );
}
