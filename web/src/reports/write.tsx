// write.tsx - has a report of the last seven days written, now; whoever sees all accounts says of which.
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { accountIdsQuery } from '../api/keys';
import { useWriteReport } from '../api/reports';
import { useMay, useSession } from '../api/session';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';

/** Leads to the report. `account` is that which is looked at. */
export function useWrite(account: string | undefined) {
  const [, go] = useLocation();
  const seesAll = useMay('accounts:read');
  const [isAsking, setAsking] = useState(false);
  const write = useWriteReport(({ id }) => go(`/reports/${id}`));
  const isSent = useRef(false); /* a second press would write another */
  const run = (of: string | undefined) => {
    if (isSent.current) return;
    isSent.current = true;
    write.mutate(of, { onError: () => void (isSent.current = false) });
  };
  const begin = () => (seesAll ? setAsking(true) : run(undefined));
  const close = () => {
    setAsking(false);
    write.reset();
  };
  const dialog = isAsking && <Of account={account} error={write.error} isBusy={write.isPending} onClose={close} run={run} />;
  return { begin, isBusy: write.isPending, error: isAsking ? null : write.error, dialog };
}

type Props = { account: string | undefined; error: unknown; isBusy: boolean; onClose: () => void; run: (account: string) => void };

function Of({ account, error, isBusy, onClose, run }: Props) {
  const mine = useSession().member.account;
  const [chosen, setChosen] = useState(account ?? mine);
  const { data = [] } = useQuery(accountIdsQuery);
  const ids = data.includes(chosen) ? data : [chosen, ...data];
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Write a report now</Text>} size="md">
      <form onSubmit={(event) => { event.preventDefault(); run(chosen); }}>
        <Stack>
          <NativeSelect label="Account" description="Of its last seven days" value={chosen} onChange={(e) => setChosen(e.currentTarget.value)} data={ids} data-autofocus />
          {error !== null && <Failed error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={isBusy}>Write it</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
