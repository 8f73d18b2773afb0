// page.tsx - the accounts, for operators: one for each client whose keys, members and record are apart from all others.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { accountsQuery, type Account } from '../api/accounts';
import { useMay } from '../api/session';
import { Moment } from '../parts/moment';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import classes from './page.module.css';
import { CreateAccount } from './create';
import { AccountState } from './state';

export default function Accounts() {
  const [isMaking, setMaking] = useState(false);
  const mayWrite = useMay('accounts:write');
  return (
    <Page title="Accounts" lead="Keys, members and the record of one account are seen by nobody of another." actions={mayWrite && <Button onClick={() => setMaking(true)}>Create account</Button>}>
      <List />
      {isMaking && <CreateAccount onClose={() => setMaking(false)} />}
    </Page>
  );
}

function List() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(accountsQuery);
  if (data === undefined) return error === null ? <Coming rows={6} /> : <Failed error={error} retry={() => void refetch()} />;
  const accounts = data.pages.flatMap((page) => page.accounts);
  if (accounts.length === 0 && !hasNextPage) return <Nothing title="There is no account yet">Each client of the API has one. Its keys cannot be used by another.</Nothing>;
  return (
    <>
      <ul className={classes.list}>{accounts.map((account) => <Line key={account.id} account={account} />)}</ul>
      {error !== null && <Failed error={error} retry={() => void fetchNextPage()} />}
      {hasNextPage && <div><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</Button></div>}
    </>
  );
}

function Line({ account }: { account: Account }) {
  return (
    <li className={classes.line}>
      <Link href={`/accounts/${encodeURIComponent(account.id)}`} className={classes.name}><bdi>{account.name}</bdi></Link>
      <span className={classes.id}>{account.id}</span>
      <AccountState state={account.state} />
      <span className={classes.quiet}>{account.allowIp.length === 0 ? 'any address' : `${account.allowIp.length} ${account.allowIp.length === 1 ? 'address' : 'addresses'}`}</span>
      <span className={classes.quiet}>since <Moment at={account.createdAt} form="day" /></span>
    </li>
  );
}
