// page.tsx - the management tokens: what programs show to the management API.
import { Box, Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useMay, useSession } from '../api/session';
import { tokensQuery, useRevokeToken, type CreatedToken, type Token } from '../api/tokens';
import { ConfirmByName } from '../parts/confirm';
import { Moment } from '../parts/moment';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Cell, Foot, Row, Table, nameClass, quietClass } from '../parts/table';
import { Tag } from '../parts/tag';
import { OfAccount } from '../people/of_account';
import { Create } from './create';
import { Made } from './made';
import { scopeName } from './scopes';

export default function TokensPage() {
  const mayMake = useMay('tokens:write');
  const [params] = useSearchParams();
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<CreatedToken | null>(null);
  const took = (token: CreatedToken) => {
    setCreating(false);
    setMade(token);
  };
  const create = mayMake && <Button onClick={() => setCreating(true)}>Create token</Button>;
  return (
    <Page title="Management tokens" lead="What programs show to change things here, in the place of a member. They open no gateway." actions={create}>
      <OfAccount />
      <Found account={params.get('account') ?? ''} create={create} />
      {isCreating && <Create onClose={() => setCreating(false)} onMade={took} />}
      {made !== null && <Made token={made} onClose={() => setMade(null)} />}
    </Page>
  );
}

function Found({ account, create }: { account: string; create: ReactNode }) {
  const found = useInfiniteQuery(tokensQuery(account));
  const [asked, setAsked] = useState<Token | null>(null);
  const tokens = found.data?.pages.flatMap((page) => page.tokens);
  if (tokens === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Management tokens found" isBusy={found.isFetching}>
      {tokens === undefined && <Box p="lg"><Coming rows={6} what="Loading management tokens" /></Box>}
      {tokens?.length === 0 && <Nothing title="No management tokens" action={create}>A token lets a deployment or a script make keys without a person.</Nothing>}
      {tokens !== undefined && tokens.length > 0 && <List tokens={tokens} revoke={setAsked} />}
      {tokens !== undefined && tokens.length > 0 && <Foot shown={tokens.length} what={['token', 'tokens']} hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
      {asked !== null && <Revoke token={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}

function List({ tokens, revoke }: { tokens: Token[]; revoke: (token: Token) => void }) {
  const seesAll = useMay('accounts:read');
  return (
    <Table label="Management tokens" heads={['Token', 'May', 'Whose', 'State', 'Last use', 'Expires', 'Revoke']}>
      {tokens.map((token) => (
        <Row key={token.id}>
          <Cell><span className={nameClass}>{token.name}</span><Text span size="xs" c="dimmed" ff="monospace">{token.id}</Text></Cell>
          <Cell label="May">{token.scopes.map(scopeName).join(' · ')}</Cell>
          <Cell label="Whose"><Whose token={token} />{seesAll && <span className={quietClass}>{token.account ?? 'Whole installation'}</span>}</Cell>
          <Cell label="State"><State of={token} /></Cell>
          <Cell label="Last use"><Moment at={token.lastUsedAt} form="ago" />{token.lastUsedFrom !== null && <span className={quietClass}>from {token.lastUsedFrom}</span>}</Cell>
          <Cell label="Expires"><Moment at={token.expires} form="day" /></Cell>
          <Cell label="Revoke"><RevokeButton token={token} revoke={revoke} /></Cell>
        </Row>
      ))}
    </Table>
  );
}

function Whose({ token }: { token: Token }) {
  const me = useSession().member;
  const seesMembers = useMay('members:read');
  if (token.member === null) return <>The machine</>;
  if (token.member === me.id) return <>Yours</>;
  return seesMembers ? <Link href={`/members/${token.member}`}>A member’s</Link> : <>A member’s</>;
}

const tones = { active: 'good', revoked: 'over', expired: 'over' } as const;
const names = { active: 'Active', revoked: 'Revoked', expired: 'Expired' };

function State({ of: token }: { of: Token }) {
  return <Tag tone={tones[token.state]}>{names[token.state]}</Tag>;
}

/* One's own, or, with members:write, any of the account. */
function RevokeButton({ token, revoke }: { token: Token; revoke: (token: Token) => void }) {
  const me = useSession().member;
  const mayAll = useMay('members:write');
  const mayOwn = useMay('tokens:write');
  if (token.state !== 'active' || !mayOwn || (token.member !== me.id && !mayAll)) return <Text span inherit c="dimmed">–</Text>;
  return <Button variant="light" color="brick" size="compact-sm" aria-label={`Revoke ${token.name}`} onClick={() => revoke(token)}>Revoke</Button>;
}

function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const act = useRevokeToken();
  return (
    <ConfirmByName title="Revoke this token" name={token.name} verb="Revoke token" onClose={onClose} isBusy={act.isPending} error={act.error ?? undefined} onConfirm={() => act.mutate(token.id, { onSuccess: onClose })}>
      <Text>Programs that use it are refused from their next call on. The keys that it made stay in force. This cannot be undone.</Text>
      <Text mt="xs">Last used: <Moment at={token.lastUsedAt} />{token.lastUsedFrom !== null && <> from {token.lastUsedFrom}</>}</Text>
    </ConfirmByName>
  );
}
