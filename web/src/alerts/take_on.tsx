// take_on.tsx - takes an alert on: says something about it, acknowledges it, resolves it.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { useAlertDeed, type AlertDeed, type AlertWhole } from '../api/alerts';
import { fieldOf, told } from '../api/problem';
import { useMay } from '../api/session';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';

const COMMENT_MAX = 1000;

/** Nothing for who only reads. A comment is one line: what is pasted with breaks becomes one. */
export function TakeOn({ of: alert }: { of: AlertWhole }) {
  const [comment, setComment] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const taking = useAlertDeed(alert.id);
  if (!useMay('alerts:write')) return null;
  /* A button that was pressed may be gone, or have nothing to say any more. */
  const done = () => {
    setComment('');
    field.current?.focus({ preventScroll: true });
  };
  const take = (deed: AlertDeed) => taking.mutate({ deed, comment: comment.trim() }, { onSuccess: done });
  const isBusy = (deed: AlertDeed) => taking.isPending && taking.variables.deed === deed;
  const wrong = fieldOf(taking.error) === 'comment';
  return (
    <Section title={titles[alert.state]}>
      <Stack gap="sm">
        <Text size="sm">{leads[alert.state]}</Text>
        <Textarea ref={field} label="Comment" description={alert.state === 'resolved' ? undefined : 'Can be left with each step'} value={comment} onChange={(e) => setComment(e.currentTarget.value.replace(/\s*[\r\n]+\s*/g, ' '))} maxLength={COMMENT_MAX} autosize minRows={2} maxRows={8} error={wrong ? told(taking.error) : undefined} />
        {taking.error !== null && !wrong && <Failed error={taking.error} />}
        <Group gap="sm">
          {alert.state === 'open' && <Button loading={isBusy('acknowledge')} disabled={taking.isPending} onClick={() => take('acknowledge')}>Acknowledge</Button>}
          {alert.state !== 'resolved' && <Button variant={alert.state === 'open' ? 'default' : 'filled'} loading={isBusy('resolve')} disabled={taking.isPending} onClick={() => take('resolve')}>Resolve</Button>}
          <Button variant="default" loading={isBusy('comment')} disabled={taking.isPending || comment.trim() === ''} onClick={() => take('comment')}>Comment</Button>
        </Group>
      </Stack>
    </Section>
  );
}

const titles = { open: 'Take it on', acknowledged: 'Somebody looks after it', resolved: 'It is over' };
const leads = {
  open: 'Acknowledge it, and the others see that somebody looks after it. More of the same is counted here until it is resolved.',
  acknowledged: 'Resolve it when it is over. More of the same is counted here until then; afterwards it is a new alert.',
  resolved: 'What is found from here on is a new alert.',
};
