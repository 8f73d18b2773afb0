// access_tokens.tsx - the live tokens that a key was exchanged for, family by family; where there are none, what they are and how one is got.
import { Button, Code, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { familiesQuery, type Family } from '../api/access_tokens';
import type { Key } from '../api/keys';
import { CodeBlock } from '../parts/copy';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Cell, Foot, Row, Table, quietClass } from '../parts/table';
import { permissionName } from '../parts/words';
import { EndTokens } from './end_tokens';
import classes from './key_page.module.css';
import { useMayChange } from './may';
import { exchange } from './samples';
import { isDead } from './state';

/* Which family is asked about; null: all of them. */
type Asked = { family: Family | null };

/** Of a key that is over there are none: they died with it. */
export function AccessTokens({ of: key }: { of: Key }) {
  const found = useInfiniteQuery({ ...familiesQuery(key.id), enabled: !isDead(key.state) });
  const [asked, setAsked] = useState<Asked | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const may = useMayChange(key);
  const families = found.data?.pages.flatMap((page) => page.families);
  const close = () => setAsked(null);
  /* The button that the focus would go back to went with its line. */
  const done = () => {
    close();
    setTimeout(() => list.current?.focus({ preventScroll: true }));
  };
  if (isDead(key.state)) return null;
  const endAll = may && families !== undefined && families.length > 0 && <Button variant="outline" color="brick" size="compact-sm" onClick={() => setAsked({ family: null })}>End all</Button>;
  return (
    <Section title="Access tokens" aside={endAll}>
      <div ref={list} tabIndex={-1} className={classes.tokens}>
        {families === undefined && (found.error === null ? <Coming rows={2} what="Loading the access tokens" /> : <Failed error={found.error} retry={() => void found.refetch()} />)}
        {families?.length === 0 && <None />}
        {families !== undefined && families.length > 0 && (
          <>
            <Text size="sm" mb="xs">Each line is one exchange of the key: a family of an access token, and the refresh token that gets the next.{key.state === 'disabled' && ' While the key is disabled, all of them are refused.'}</Text>
            <List families={families} end={may ? (family) => setAsked({ family }) : undefined} />
            <Foot shown={families.length} what={['live family', 'live families']} hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />
          </>
        )}
      </div>
      {asked !== null && <EndTokens of={key} family={asked.family} onClose={close} onDone={done} />}
    </Section>
  );
}

function None() {
  return (
    <Stack gap="xs">
      <Text c="dimmed">None is live. A program can exchange this key for an access token, which gets it in for some minutes, with as few permissions as it needs, while the key itself stays in one place.</Text>
      <Text size="sm">With the key in the environment variable <Code>MONEI_API_KEY</Code>, this exchanges it. A gateway with <Code>keyward_bearer on</Code> takes the <Code>accessToken</Code> of the answer as <Code>Authorization: Bearer</Code>.</Text>
      <CodeBlock text={exchange(window.location.origin)} what="the curl command" />
    </Stack>
  );
}

type ListProps = { families: Family[]; end: ((family: Family) => void) | undefined };

function List({ families, end }: ListProps) {
  return (
    <Table label="Access tokens" heads={['Family', 'Made', 'May', 'Refreshed', 'Good until', ...(end === undefined ? [] : ['End'])]}>
      {families.map((family) => (
        <Row key={family.id}>
          <Cell><span className={classes.masked}>{family.id}</span></Cell>
          <Cell label="Made"><Moment at={family.createdAt} form="ago" /><span className={quietClass}>from {family.createdFrom}</span></Cell>
          <Cell label="May">{family.permissions.map(permissionName).join(', ')}</Cell>
          <Cell label="Refreshed"><Refreshed of={family} /></Cell>
          <Cell label="Good until"><GoodUntil of={family} /></Cell>
          {end !== undefined && <Cell label="End"><Button variant="light" color="brick" size="compact-sm" aria-label={`End family ${family.id}`} onClick={() => end(family)}>End</Button></Cell>}
        </Row>
      ))}
    </Table>
  );
}

const count = new Intl.NumberFormat();

function Refreshed({ of: { refreshes, refreshedAt, refreshedFrom } }: { of: Family }) {
  if (refreshedAt === null) return <Text span inherit c="dimmed">not yet</Text>;
  return (
    <>
      {refreshes === 1 ? 'Once' : `${count.format(refreshes)} times, last`} <Moment at={refreshedAt} form="ago" />
      <span className={quietClass}>from {refreshedFrom}</span>
    </>
  );
}

/* Between the end of an access token and the next refresh there is none that works. */
function GoodUntil({ of: { accessEnds, refreshEnds } }: { of: Family }) {
  return (
    <>
      {Date.parse(accessEnds) <= Date.now() ? 'Over until it is refreshed' : <Moment at={accessEnds} />}
      <span className={quietClass}>can be refreshed until <Moment at={refreshEnds} form="day" /></span>
    </>
  );
}
