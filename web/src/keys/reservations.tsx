// reservations.tsx - what a key reserved lately, newest first, and what became of it.
import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { reservationsQuery, type Reservation } from '../api/spend';
import { Moment } from '../parts/moment';
import { Failed } from '../parts/states';
import { Cell, Foot, Row, Table, quietClass } from '../parts/table';
import classes from './key_page.module.css';

const states: Record<Reservation['state'], string> = { reserved: 'Reserved', committed: 'Committed', released: 'Given back', expired: 'Expired, given back' };

/** Nothing, where nothing was ever reserved. */
export function Reservations({ of: key }: { of: string }) {
  const found = useInfiniteQuery(reservationsQuery(key));
  const list = found.data?.pages.flatMap((page) => page.reservations);
  if (list === undefined) return found.error === null ? null : <Failed error={found.error} retry={() => void found.refetch()} />;
  if (list.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} mt="lg" mb="xs">Reserved and spent</Text>
      <Table label="Reserved and spent" heads={['Amount', 'To', 'Reference', 'State']}>
        {list.map((one) => <Line key={one.id} of={one} />)}
      </Table>
      <Foot shown={list.length} what={['reservation', 'reservations']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />
    </>
  );
}

function Line({ of: one }: { of: Reservation }) {
  return (
    <Row>
      <Cell>{one.state === 'committed' ? one.committed : one.amount} {one.currency}<span className={quietClass}><Moment at={one.reservedAt} form="ago" /></span></Cell>
      <Cell label="To"><bdi className={classes.place}>{one.destination}</bdi></Cell>
      <Cell label="Reference"><bdi className={classes.place}>{one.reference}</bdi></Cell>
      <Cell label="State">{states[one.state]}{one.state === 'reserved' && <span className={quietClass}>until <Moment at={one.expiresAt} /></span>}</Cell>
    </Row>
  );
}
