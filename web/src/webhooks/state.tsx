// state.tsx - how a webhook stands, and how well what is sent arrives.
import type { Webhook } from '../api/webhooks';
import { Moment } from '../parts/moment';
import { quietClass } from '../parts/table';
import { Tag } from '../parts/tag';
import { whys } from './words';

export function WebhookState({ of: { state } }: { of: Webhook }) {
  return <Tag tone={state === 'active' ? 'good' : 'over'}>{state === 'active' ? 'Active' : state === 'disabled' ? 'Off' : 'Removed'}</Tag>;
}

export function StateAndWhy({ of: webhook }: { of: Webhook }) {
  return <><WebhookState of={webhook} />{webhook.why !== null && <span className={quietClass}>{whys[webhook.why]}</span>}</>;
}

export function Health({ of: { failingSince, pending, givenUp } }: { of: Webhook }) {
  const waits = pending === 0 ? '' : `${pending.toLocaleString()} ${pending === 1 ? 'waits' : 'wait'}`;
  return (
    <>
      {failingSince === null ? waits || 'Nothing waits' : <>Fails since <Moment at={failingSince} form="ago" /></>}
      {failingSince !== null && waits !== '' && <span className={quietClass}>{waits}</span>}
      {givenUp > 0 && <span className={quietClass}>{givenUp.toLocaleString()} given up: too many waited</span>}
    </>
  );
}
