// page.tsx - the webhooks: the programs that are told of what changes, and whether it arrives.
import { Box, Button, List } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../api/session';
import { webhooksQuery, type CreatedWebhook, type Webhook } from '../api/webhooks';
import { AccountSelect } from '../parts/account_select';
import { useInAddress } from '../parts/in_address';
import { Moment } from '../parts/moment';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Cell, Foot, nameClass, quietClass, Row, Table } from '../parts/table';
import { Create } from './create';
import { Made } from './made';
import classes from './page.module.css';
import { Health, StateAndWhy } from './state';
import { titleOf, toldOf } from './words';

const allowed = { account: 'any' } as const;

export default function WebhooksPage() {
  const mayMake = useMay('webhooks:write');
  const [{ account }, ask] = useInAddress<'account'>(allowed);
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const [, go] = useLocation();
  const took = (webhook: CreatedWebhook) => {
    setCreating(false);
    setMade(webhook);
  };
  const create = mayMake && <Button onClick={() => setCreating(true)}>Create webhook</Button>;
  return (
    <Page title="Webhooks" lead="Programs of yours that are told of what changes here, and of alerts." actions={create}>
      <AccountSelect label="Account" value={account} onChange={(to) => ask({ account: to })} />
      <Found account={account} create={create} />
      {isCreating && <Create account={account} onClose={() => setCreating(false)} onMade={took} />}
      {made !== null && <Made webhook={made} onClose={() => go(`/webhooks/${made.id}`)} />}
    </Page>
  );
}

function Found({ account, create }: { account: string | undefined; create: ReactNode }) {
  const found = useInfiniteQuery(webhooksQuery(account));
  const webhooks = found.data?.pages.flatMap((page) => page.webhooks);
  if (webhooks === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Webhooks found" isBusy={found.isFetching}>
      {webhooks === undefined && <Box p="lg"><Coming rows={5} what="Loading webhooks" /></Box>}
      {webhooks?.length === 0 && <None create={create} />}
      {webhooks !== undefined && webhooks.length > 0 && <WebhookList webhooks={webhooks} />}
      {webhooks !== undefined && webhooks.length > 0 && <Foot shown={webhooks.length} what={['webhook', 'webhooks']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
    </Card>
  );
}

/* What a receiver has to do, before there is one. */
function None({ create }: { create: ReactNode }) {
  return (
    <Nothing title="No webhooks" action={create}>
      A key was revoked, an account frozen, an alert raised: each is sent to an address of yours as it happens.
      <List mt="sm" ta="start" spacing={4}>
        <List.Item>The receiver answers https, at a name that leads to a public address.</List.Item>
        <List.Item>It verifies the signature of the bytes as they came, with the secret that you get here once.</List.Item>
        <List.Item>It answers 2xx within ten seconds, and does the work afterwards. What fails is tried again.</List.Item>
        <List.Item>It remembers the ids it has seen for a day: the same event can come twice.</List.Item>
      </List>
    </Nothing>
  );
}

function WebhookList({ webhooks }: { webhooks: Webhook[] }) {
  const seesAll = useMay('accounts:read');
  return (
    <Table label="Webhooks" heads={['Webhook', ...(seesAll ? ['Account'] : []), 'Told of', 'State', 'Deliveries', 'Made']}>
      {webhooks.map((webhook) => (
        <Row key={webhook.id}>
          <Cell>
            <div className={classes.named}>
              <Link href={`/webhooks/${webhook.id}`} className={nameClass}><bdi>{titleOf(webhook)}</bdi></Link>
              {webhook.name !== '' && <span className={classes.url} title={webhook.url}>{webhook.url}</span>}
            </div>
          </Cell>
          {seesAll && <Cell label="Account">{webhook.account ?? <span className={quietClass}>all</span>}</Cell>}
          <Cell label="Told of">{toldOf(webhook)}</Cell>
          <Cell label="State"><StateAndWhy of={webhook} /></Cell>
          <Cell label="Deliveries"><div className={classes.health}><Health of={webhook} /></div></Cell>
          <Cell label="Made"><span className={classes.day}><Moment at={webhook.createdAt} form="day" /></span></Cell>
        </Row>
      ))}
    </Table>
  );
}
