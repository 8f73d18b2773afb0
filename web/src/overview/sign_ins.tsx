// sign_ins.tsx - the last log-ins, and how they went.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import { ToneMark } from '../activity/mark';
import { detailOf, identityOf, titleOf, toneOf } from '../activity/words';
import { newestQuery, type RecordLine } from '../api/events';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import classes from './sign_ins.module.css';

const SHOWN = 6;

export function SignIns({ account }: { account?: string }) {
  const { data, error, refetch } = useQuery(newestQuery({ kind: 'sign_in', account }, SHOWN));
  return (
    <Section title="Last log-ins" aside={<Anchor component={Link} href={activityHref({ kind: 'sign_in', account })} size="sm">All of them</Anchor>}>
      {data === undefined && (error === null ? <Coming rows={3} /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.lines.length === 0 && <Text c="dimmed">Nobody has signed in yet.</Text>}
      <ul className={classes.list}>{data?.lines.map((line) => <SignIn key={identityOf(line)} line={line} />)}</ul>
    </Section>
  );
}

function SignIn({ line }: { line: RecordLine }) {
  const detail = detailOf(line);
  return (
    <li className={classes.line} data-tone={toneOf(line)}>
      <ToneMark tone={toneOf(line)} />
      <div className={classes.text}>
        <div>
          {line.request_id === undefined ? titleOf(line) : <Link href={`/activity/${line.request_id}`} className={classes.title}>{titleOf(line)}</Link>}
          {detail !== undefined && <span className={classes.quiet}> · {detail}</span>}
        </div>
        <div className={classes.quiet}><bdi>{line.email ?? line.member ?? line.token ?? 'somebody'}</bdi>{line.source !== undefined && <span className={classes.source}> {line.source}</span>}</div>
      </div>
      <span className={classes.quiet}><Moment at={line.time} form="ago" /></span>
    </li>
  );
}
