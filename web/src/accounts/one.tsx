// one.tsx - one account: what it is called, where its keys may be used from, and whether they work at all.
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { activityHref } from '../activity/asked';
import { accountQuery, type Account } from '../api/accounts';
import { Refusal } from '../api/problem';
import { useMay } from '../api/session';
import { FreezeAccount } from '../freezes/sections';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { ChangeAccount } from './change';
import { LimitDefaults } from './limits';
import classes from './page.module.css';
import { AccountState } from './state';
import { SuspendOrResume } from './suspend';

export default function OneAccount() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(accountQuery(id));
  if (error instanceof Refusal && error.status === 404)
    return <Page title="No such account"><Nothing title="There is no such account" action={<Anchor component={Link} href="/">To the overview</Anchor>}>Or it is one that you may not see.</Nothing></Page>;
  if (data === undefined) return <Page title="Account">{error === null ? <Coming rows={6} /> : <Failed error={error} retry={() => void refetch()} />}</Page>;
  return <Shown key={id} account={data} />;
}

function Shown({ account }: { account: Account }) {
  const lead = (
    <span className={classes.lead}>
      <span className={classes.id}>{account.id}</span>
      <AccountState state={account.state} />
      <span>since <Moment at={account.createdAt} form="day" /></span>
    </span>
  );
  return (
    <Page title={account.name} heading={<bdi>{account.name}</bdi>} lead={lead}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Section title="Name and addresses"><ChangeAccount account={account} /></Section>
          <LimitDefaults key={account.version} account={account} />
        </div>
        <div className={classes.column}>
          <Section title="What belongs to it"><Ways id={account.id} /></Section>
          <FreezeAccount account={account} />
          <SuspendOrResume account={account} />
        </div>
      </div>
    </Page>
  );
}

/* A member sees his own account only, and needs no filter. */
function Ways({ id }: { id: string }) {
  const account = useMay('accounts:read') ? id : undefined;
  const of = (path: string) => (account === undefined ? path : `${path}?account=${encodeURIComponent(account)}`);
  return (
    <ul className={classes.ways}>
      <li><Anchor component={Link} href={of('/keys')}>Its keys</Anchor></li>
      {useMay('members:read') && <li><Anchor component={Link} href={of('/members')}>Its members</Anchor></li>}
      {useMay('events:read') && <li><Anchor component={Link} href={activityHref({ account })}>Its activity</Anchor></li>}
      <li><Anchor component={Link} href={of('/')}>Its overview</Anchor></li>
    </ul>
  );
}
