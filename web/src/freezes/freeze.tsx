// freeze.tsx - holds a key, an account, an environment or everything back for a time: says what breaks, and asks why.
import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useFreeze, type Frozen, type Target } from '../api/freezes';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';

const reach = {
  key: 'this key',
  account: 'every key of this account, in both environments',
  environment: 'every key of this environment, of all accounts',
  everything: 'every key there is, of all accounts',
};

export function FreezeButton({ target, variant = 'default' }: { target: Target; variant?: 'default' | 'outline' }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant={variant} color={variant === 'outline' ? 'brick' : undefined} onClick={() => setOpen(true)}>Freeze {target.what === 'key' ? 'key' : target.name}</Button>
      {isOpen && <FreezeDialog target={target} onClose={() => setOpen(false)} />}
    </>
  );
}

/* What stops everybody's business has to be typed. */
function FreezeDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const [frozen, setFrozen] = useState<Frozen>('transact');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const freeze = useFreeze();
  const isWide = target.what === 'environment' || target.what === 'everything';
  const isSure = !isWide || typed.trim() === target.name;
  const run = () => freeze.mutate({ target, frozen, reason: reason.trim() }, { onSuccess: onClose });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Freeze <bdi>{target.name}</bdi></Text>} size="md">
      <form onSubmit={(event) => { event.preventDefault(); if (isSure) run(); }}>
        <Stack>
          <Text>At once, requests with {reach[target.what]} get 403 and are told that it is for a time. The keys stay valid, and thawing lets them through again.</Text>
          <Radio.Group label="What is refused" value={frozen} onChange={(to) => setFrozen(to as Frozen)}>
            <Stack gap={6} mt={6}>
              <Radio value="transact" label="What moves money" description="Transactions, and routes that the policy does not list. Balances and reports go on." />
              <Radio value="all" label="Everything" description="Whatever uses these keys stops." />
            </Stack>
          </Radio.Group>
          <TextInput label="Reason" description="Whoever it concerns reads it, and it stays on the record" maxLength={200} value={reason} onChange={(e) => setReason(e.currentTarget.value)} autoComplete="off" data-autofocus />
          {isWide && <TextInput label={<>Type <b>{target.name}</b> to confirm</>} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} autoComplete="off" spellCheck={false} />}
          {freeze.error !== null && <Failed error={freeze.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" color="brick" disabled={!isSure} loading={freeze.isPending}>Freeze</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
