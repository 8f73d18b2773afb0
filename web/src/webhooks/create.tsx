// create.tsx - asks for a new webhook.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { fieldOf, told } from '../api/problem';
import { useMay } from '../api/session';
import { useMakeWebhook, type CreatedWebhook } from '../api/webhooks';
import { AccountSelect } from '../parts/account_select';
import { Dialog } from '../parts/dialog';
import { useOneTry } from '../parts/one_try';
import { WebhookFields, type Filled } from './form';
import { EVERYTHING, forAccount } from './words';

type Props = { account?: string; onClose: () => void; onMade: (webhook: CreatedWebhook) => void };

export function Create({ account: first = '', onClose, onMade }: Props) {
  const seesAll = useMay('accounts:read');
  const [account, setAccount] = useState(first);
  const [filled, setFilled] = useState<Filled>({ name: '', url: '', events: [EVERYTHING] });
  const choose = (to: string) => {
    setAccount(to);
    if (to !== '') setFilled((before) => ({ ...before, events: forAccount(before.events) }));
  };
  const make = useMakeWebhook(onMade);
  const oneTry = useOneTry();
  const isSent = useRef(false); /* a second press comes before the button knows of the first */
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSent.current) return;
    isSent.current = true;
    const name = filled.name.trim();
    const body = { url: filled.url.trim(), events: filled.events, ...(name !== '' && { name }), ...(seesAll && account !== '' && { account }) };
    make.mutate({ body, idempotencyKey: oneTry(body) }, { onSettled: () => void (isSent.current = false) });
  };
  const isAccountWrong = fieldOf(make.error) === 'account';
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Create a webhook</Text>} size="lg" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          <WebhookFields value={filled} onChange={setFilled} isOfAccount={!seesAll || account !== ''} error={isAccountWrong ? null : make.error}>
            <AccountSelect label="Account" description="It is told of this account alone, or of all" all="The whole installation" maw={undefined} value={account} onChange={choose} error={isAccountWrong ? told(make.error) : undefined} />
          </WebhookFields>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={make.isPending} disabled={filled.events.length === 0}>Create webhook</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
