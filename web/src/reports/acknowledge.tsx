// acknowledge.tsx - says that somebody has looked through a report, and what he has to say about it.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { fieldOf, told } from '../api/problem';
import { useAcknowledgeReport, type ReportWhole } from '../api/reports';
import { useMay } from '../api/session';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import classes from './one.module.css';

const COMMENT_MAX = 1000;

/** Nothing where it is done, or for who only reads. A comment is one line: what is pasted with breaks becomes one. */
export function Acknowledge({ of: report }: { of: ReportWhole }) {
  const [comment, setComment] = useState('');
  const act = useAcknowledgeReport(report.id);
  if (!useMay('alerts:write') || report.state === 'acknowledged') return null;
  const wrong = fieldOf(act.error) === 'comment';
  const run = () => act.mutate(comment.trim(), { onSuccess: toHeading });
  return (
    <div className={classes.screen}>
      <Section title="Look it through">
        <Stack gap="sm">
          <Text size="sm">Acknowledge it when you have. That goes on the record, with your name.</Text>
          <Textarea label="Comment" description="May be empty" value={comment} onChange={(e) => setComment(e.currentTarget.value.replace(/\s*[\r\n]+\s*/g, ' '))} maxLength={COMMENT_MAX} autosize minRows={2} maxRows={8} error={wrong ? told(act.error) : undefined} />
          {act.error !== null && !wrong && <Failed error={act.error} />}
          <Group><Button loading={act.isPending} onClick={run}>Acknowledge</Button></Group>
        </Stack>
      </Section>
    </div>
  );
}

/* The button that had the focus is gone then. */
function toHeading() {
  document.querySelector<HTMLElement>('h1')?.focus();
}
