// spending.ts - what became of money that a key wanted to move, in the words of a headline.
import type { RecordLine } from '../api/events';

const whats: Record<string, string> = {
  reserved: 'Spend reserved',
  refused: 'Spend refused',
  committed: 'Spend committed',
  released: 'Spend given back',
  expired: 'Spend expired',
  commit_refused: 'Commit refused',
  release_refused: 'Release refused',
};

const whys: Record<string, string> = {
  per_transaction: 'more than the key may spend at once',
  per_hour: 'more than is left of this hour',
  per_day: 'more than is left of this day',
  per_month: 'more than is left of this month',
  destination: 'the key may not send money there',
  currency: 'no rule for this currency',
  decimals: 'the currency has fewer decimals',
  unknown_key: 'no such key',
  key_revoked: 'the key is revoked',
  key_disabled: 'the key is disabled',
  key_expired: 'the key has expired',
  account_suspended: 'its account is suspended',
  frozen: 'what moves money is frozen',
  permission_denied: 'no permission for transactions',
  rotation_overdue: 'not rotated in time: it only reads',
  reference_used: 'the reference was used for something else',
  unknown_reservation: 'no such reservation',
  already_committed: 'committed before',
  already_released: 'released before',
  reservation_expired: 'the reservation has expired',
  more_than_reserved: 'more than was reserved',
};

export const isSpend = (line: RecordLine) => line.kind === 'spend';

export const spendTitle = (line: RecordLine) => whats[line.what ?? ''] ?? line.what ?? '';

/** "1805.00 NGN to 0123456789: more than is left of this day"; the amount is shown as it was sent, digit by digit. */
export function spendDetail(line: RecordLine): string {
  const why = line.why === undefined ? '' : `: ${whys[line.why] ?? line.why}`;
  return `${line.committed ?? line.amount ?? ''} ${line.currency ?? ''} to ${line.destination ?? ''}${why}`;
}

/** Money that was reserved or moved looks like what was let through, and a refusal like one. */
export function spendTone(line: RecordLine): 'allowed' | 'denied' | 'changed' {
  if (/refused$/.test(line.what ?? '')) return 'denied';
  return line.what === 'reserved' || line.what === 'committed' ? 'allowed' : 'changed';
}
