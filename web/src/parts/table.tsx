// table.tsx - a table; where it is narrow, a card for each of its rows.
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failed } from './states';
import classes from './table.module.css';

/** Roles are said, because a table that is laid out as cards is none to a screen reader otherwise. */
export function Table({ label, heads, children }: { label: string; heads: string[]; children: ReactNode }) {
  return (
    <table className={classes.table} role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((head) => <th key={head} role="columnheader" scope="col">{head}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr role="row">{children}</tr>;
}

/** `label` repeats the head of its column, for the card; the first cell has none. */
export function Cell({ label, children }: { label?: string; children: ReactNode }) {
  return <td role="cell" data-label={label || undefined}><div>{children}</div></td>;
}

export const nameClass = classes.name;
export const quietClass = classes.quiet;

export function Card({ label, isBusy = false, children }: { label: string; isBusy?: boolean; children: ReactNode }) {
  return <section className={classes.card} aria-label={label} aria-busy={isBusy}>{children}</section>;
}

type FootProps = { shown: number; what: [one: string, many: string]; first?: string; hasMore: boolean; isComing: boolean; error: unknown; more: () => void };

/** How many there are, and where the rest is; `first` is what those are that are shown. */
export function Foot({ shown, what: [one, many], first = 'first', hasMore, isComing, error, more }: FootProps) {
  return (
    <Group className={classes.foot} justify="space-between">
      <Text size="sm" c="dimmed" role="status">{hasMore ? `The ${first} ${shown} ${many}` : shown === 1 ? `1 ${one}` : `All ${shown} ${many}`}</Text>
      {error !== null && <Failed error={error} />}
      {hasMore && <Button variant="default" loading={isComing} onClick={more}>Show more</Button>}
    </Group>
  );
}
