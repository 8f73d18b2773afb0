// revoke_many.tsx - all keys that the list is narrowed to, revoked: counted by the API, and the count typed.
import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { countKeys, revokeSome, type KeyFilter } from '../api/keys';
import { useMay } from '../api/session';
import { ConfirmByName } from '../parts/confirm';
import { Dialog } from '../parts/dialog';
import { Coming, Failed } from '../parts/states';

/** For a filter that says something; production needs the right to it. */
export function RevokeMany({ filter }: { filter: KeyFilter }) {
  const [isOpen, setOpen] = useState(false);
  const mayWrite = useMay('keys:write');
  const mayProduction = useMay('keys:production');
  if (!mayWrite || (!mayProduction && filter.environment !== 'sandbox')) return null;
  return (
    <>
      <Button variant="subtle" color="brick" size="compact-sm" onClick={() => setOpen(true)}>Revoke these keys…</Button>
      {isOpen && <Counted filter={filter} onClose={() => setOpen(false)} />}
    </>
  );
}

type Props = { filter: KeyFilter; onClose: () => void };

function Counted({ filter, onClose }: Props) {
  const { data, error, refetch } = useQuery({ queryKey: ['keys', 'count', filter], queryFn: () => countKeys(filter), staleTime: 0, gcTime: 0 });
  if (data !== undefined && data.matched > 0) return <Ask key={data.matched} filter={filter} n={data.matched} names={data.keys.map((key) => key.name)} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Revoke these keys</Text>} size="md">
      {error !== null && <Failed error={error} retry={() => void refetch()} />}
      {error === null && data === undefined && <Coming rows={2} what="Counting" />}
      {data?.matched === 0 && <Text>None of them can be revoked: they are revoked or expired already.</Text>}
    </Dialog>
  );
}

function Ask({ filter, n, names, onClose }: Props & { n: number; names: string[] }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeAll(filter, n),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  const which = n === 1 ? '1 key' : `${n.toLocaleString()} keys`;
  return (
    <ConfirmByName title={`Revoke these ${which}`} name={String(n)} verb={`Revoke ${which}`} onConfirm={() => revoke.mutate()} onClose={onClose} isBusy={revoke.isPending} error={revoke.error ?? undefined}>
      <Text>Requests with them get 401 at once. This is final: none can be brought back, only replaced by another. What is revoked or expired already is not counted.</Text>
      <Text mt="xs" size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}><bdi>{names.slice(0, 5).join(', ')}</bdi>{n > 5 && ' …'}</Text>
    </ConfirmByName>
  );
}

/* One call does some of them; where somebody makes or revokes one meanwhile, the next is refused, and says so. */
async function revokeAll(filter: KeyFilter, n: number): Promise<void> {
  for (let left = n; left > 0; ) ({ left } = await revokeSome(filter, left));
}
