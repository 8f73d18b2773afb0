// page.tsx - the keys: found, narrowed down, and where a new one begins.
import { Button, Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { keysQuery } from '../api/keys';
import { useMay } from '../api/session';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Foot } from '../parts/table';
import { everything, toApi, useAsked } from './filter';
import { Filters } from './filters';
import { KeyList } from './list';
import { publicPart } from './public_part';
import { RevokeMany } from './revoke_many';

export default function KeysPage() {
  const [asked, ask] = useAsked();
  const mayMake = useMay('keys:write');
  const create = mayMake && <Button component={Link} href="/keys/new">Create New Key</Button>;
  useCleanAddress(ask);
  return (
    <Page title="Keys" lead="What programs show to get in, and what each of them may do." actions={create}>
      <Filters asked={asked} ask={ask} />
      {Object.keys(asked).length > 0 && <div><RevokeMany filter={toApi(asked)} /></div>}
      <Found filter={toApi(asked)} isNarrowed={Object.keys(asked).length > 0} create={create} clear={() => ask(everything)} />
    </Page>
  );
}

/* An address with a whole key in it loses it before anything is asked. */
function useCleanAddress(ask: (change: object) => void) {
  useEffect(() => {
    const values = [...new URLSearchParams(window.location.search).values()];
    if (values.some((value) => publicPart(value) !== value)) ask({});
  });
}

type Props = { filter: ReturnType<typeof toApi>; isNarrowed: boolean; create: ReactNode; clear: () => void };

function Found({ filter, isNarrowed, create, clear }: Props) {
  const found = useInfiniteQuery(keysQuery(filter));
  const hasAccounts = useMay('accounts:read');
  const keys = found.data?.pages.flatMap((page) => page.keys);
  if (keys === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Keys found" isBusy={found.isFetching}>
      {keys === undefined && <Group p="lg"><div style={{ flex: 1 }}><Coming rows={8} what="Loading keys" /></div></Group>}
      {keys?.length === 0 && !found.hasNextPage && (isNarrowed ? <NoMatch clear={clear} /> : <NoKeys create={create} />)}
      {keys !== undefined && keys.length > 0 && <KeyList keys={keys} hasAccounts={hasAccounts} />}
      {keys !== undefined && keys.length > 0 && <Foot shown={keys.length} what={['key', 'keys']} first="newest" hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
    </Card>
  );
}

function NoKeys({ create }: { create: ReactNode }) {
  return (
    <Nothing title="No keys yet" action={create}>
      A key lets a program of yours in. Make one for the sandbox, try it, and make one for production when it works.
    </Nothing>
  );
}

function NoMatch({ clear }: { clear: () => void }) {
  return <Nothing title="No key matches" action={<Button variant="default" onClick={clear}>Show all keys</Button>}>Search looks at names and at the beginning of ids.</Nothing>;
}
