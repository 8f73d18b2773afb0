// one.tsx - one webhook: where it leads, what it is told of, how it is changed, and what became of what was sent.
import { Alert, Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { Refusal } from '../api/problem';
import { useMay } from '../api/session';
import { webhookQuery, type Webhook } from '../api/webhooks';
import { Facts } from '../parts/facts';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Maker } from '../people/maker';
import { Deeds } from './deeds';
import { Deliveries } from './deliveries';
import classes from './page.module.css';
import { Health, WebhookState } from './state';
import { titleOf, toldOf, whySentences } from './words';

export default function OneWebhook() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(webhookQuery(id));
  if (error instanceof Refusal && (error.status === 404 || error.status === 400)) return <NoSuchWebhook />;
  if (data !== undefined) return <Shown key={id} of={data} />;
  return <Page title="Webhook">{error === null ? <Coming rows={8} what="Loading the webhook" /> : <Failed error={error} retry={() => void refetch()} />}</Page>;
}

function NoSuchWebhook() {
  return (
    <Page title="No such webhook">
      <Nothing title="There is no webhook with this id" action={<Anchor component={Link} href="/webhooks">All webhooks</Anchor>}>
        It may have been removed, or belong to another account.
      </Nothing>
    </Page>
  );
}

function Shown({ of: webhook }: { of: Webhook }) {
  const mayWrite = useMay('webhooks:write');
  return (
    <Page title={titleOf(webhook)} heading={<bdi>{titleOf(webhook)}</bdi>} lead={<WebhookState of={webhook} />}>
      {webhook.why !== null && <Alert color={webhook.why === 'by_hand' ? 'gray' : 'brick'} variant="light" role="status" title="Off">{whySentences[webhook.why]} <Since at={webhook.offAt} /></Alert>}
      <div className={classes.columns}>
        <Section title="The webhook"><About of={webhook} /></Section>
        {mayWrite && <Deeds of={webhook} />}
      </div>
      <Deliveries of={webhook} />
    </Page>
  );
}

function Since({ at }: { at: string | null }) {
  return at === null ? null : <>Since <Moment at={at} form="ago" />.</>;
}

type Fact = [name: string, value: ReactNode];

function About({ of: webhook }: { of: Webhook }) {
  return (
    <div className={classes.small}>
      <Facts
        of={[
          ['URL', <span className={classes.mono}>{webhook.url}</span>],
          ['Told of', toldOf(webhook, 64)],
          ['Account', webhook.account ?? 'The whole installation'],
          ['Deliveries', <Health of={webhook} />],
          ...(webhook.oldSecretEndsAt === null ? [] : [['Old secret', <>signs too until <Moment at={webhook.oldSecretEndsAt} /></>] as Fact]),
          ['Made', <><Moment at={webhook.createdAt} form="ago" /> by <Maker by={webhook.createdBy} /></>],
        ]}
      />
    </div>
  );
}
