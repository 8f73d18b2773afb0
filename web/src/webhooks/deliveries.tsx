// deliveries.tsx - what was sent to a webhook, the newest first: each try, its answer, and when the next one is.
import { Box, Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMay } from '../api/session';
import { deliveriesQuery, useRedeliver, type Delivery, type Webhook } from '../api/webhooks';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Cell, Foot, quietClass, Row, Table } from '../parts/table';
import { Tag } from '../parts/tag';
import classes from './page.module.css';
import { deliveryNames, deliveryTones } from './words';

export function Deliveries({ of: webhook }: { of: Webhook }) {
  const found = useInfiniteQuery(deliveriesQuery(webhook.id));
  const redeliver = useRedeliver(webhook.id);
  const deliveries = found.data?.pages.flatMap((page) => page.deliveries);
  return (
    <Section title="Deliveries">
      {redeliver.error !== null && <Box mb="sm"><Failed error={redeliver.error} /></Box>}
      {deliveries === undefined && (found.error === null ? <Coming rows={4} what="Loading deliveries" /> : <Failed error={found.error} retry={() => void found.refetch()} />)}
      {deliveries?.length === 0 && <Text c="dimmed">Nothing was sent yet.</Text>}
      {deliveries !== undefined && deliveries.length > 0 && (
        <>
          <List of={webhook} deliveries={deliveries} again={(event) => redeliver.mutate(event)} busy={redeliver.isPending ? redeliver.variables : undefined} />
          <Foot shown={deliveries.length} what={['delivery', 'deliveries']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />
        </>
      )}
    </Section>
  );
}

type ListProps = { of: Webhook; deliveries: Delivery[]; again: (event: string) => void; busy: string | undefined };

function List({ of: webhook, deliveries, again, busy }: ListProps) {
  const may = useMay('webhooks:write') && webhook.state === 'active';
  return (
    <Table label="Deliveries" heads={['Event', 'State', 'Tries', 'Next try', ...(may ? ['Again'] : [])]}>
      {deliveries.map((delivery) => (
        <Row key={delivery.event}>
          <Cell><span className={classes.type}>{delivery.type}</span><span className={quietClass}><Moment at={delivery.createdAt} form="ago" /> · <span className={classes.mono}>{delivery.event}</span></span></Cell>
          <Cell label="State"><Tag tone={deliveryTones[delivery.state]}>{deliveryNames[delivery.state]}</Tag></Cell>
          <Cell label="Tries"><Tries of={delivery} /></Cell>
          <Cell label="Next try"><Moment at={delivery.nextAt} form="ago" never="–" /></Cell>
          {may && <Cell label="Again">{delivery.state === 'pending' ? <Text span inherit c="dimmed">–</Text> : <Button variant="default" size="compact-sm" loading={busy === delivery.event} aria-label={`Redeliver ${delivery.event}`} onClick={() => again(delivery.event)}>Redeliver</Button>}</Cell>}
        </Row>
      ))}
    </Table>
  );
}

/* The last one is seen at once, those before it when they are asked for. */
function Tries({ of: { tries } }: { of: Delivery }) {
  const last = tries.at(-1);
  if (last === undefined) return <span className={classes.quiet}>none yet</span>;
  if (tries.length === 1) return <Try of={last} />;
  return (
    <>
      <Try of={last} />
      <details className={classes.tries}>
        <summary>{tries.length} tries</summary>
        <ol>{tries.slice(0, -1).reverse().map((one, i) => <li key={`${one.at} ${i}`}><Try of={one} /></li>)}</ol>
      </details>
    </>
  );
}

function Try({ of: { at, status, tookMs, error } }: { of: Delivery['tries'][number] }) {
  return <span>{status !== null && <b>{status}</b>} {error !== null && <bdi>{error}</bdi>} <span className={classes.quiet}>in {tookMs.toLocaleString()} ms, <Moment at={at} form="ago" /></span></span>;
}
