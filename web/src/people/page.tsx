// page.tsx - the members: who they are, and inviting more.
import { Box, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { membersQuery, type Member, type MemberWithLink } from '../api/members';
import { useMay, useSession } from '../api/session';
import { Moment } from '../parts/moment';
import { Page } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { Card, Cell, Foot, Row, Table, nameClass, quietClass } from '../parts/table';
import { roleName } from '../parts/words';
import { Invite } from './invite';
import { LinkShown } from './link_shown';
import { OfAccount } from './of_account';
import { MemberState, OpenLink } from './state';

export default function MembersPage() {
  const mayInvite = useMay('members:write');
  const [params] = useSearchParams();
  const account = params.get('account') ?? '';
  const [isInviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<MemberWithLink | null>(null);
  const took = (member: MemberWithLink) => {
    setInviting(false);
    setInvited(member);
  };
  return (
    <Page title="Members" lead="Who signs in here, and what each of them may do." actions={mayInvite && <Button onClick={() => setInviting(true)}>Invite a member</Button>}>
      <OfAccount />
      <Found account={account} />
      {isInviting && <Invite account={account} onClose={() => setInviting(false)} onInvited={took} />}
      {invited !== null && <LinkShown member={invited} onClose={() => setInvited(null)} />}
    </Page>
  );
}

function Found({ account }: { account: string }) {
  const found = useInfiniteQuery(membersQuery(account));
  const members = found.data?.pages.flatMap((page) => page.members);
  if (members === undefined && found.error !== null) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card label="Members found" isBusy={found.isFetching}>
      {members === undefined && <Box p="lg"><Coming rows={6} what="Loading members" /></Box>}
      {members?.length === 0 && <Nothing title="No members here">{account === '' ? undefined : `The account ${account} has none, or there is no such account.`}</Nothing>}
      {members !== undefined && members.length > 0 && <List members={members} />}
      {members !== undefined && members.length > 0 && <Foot shown={members.length} what={['member', 'members']} hasMore={found.hasNextPage} isComing={found.isFetchingNextPage} error={found.isFetchNextPageError ? found.error : null} more={() => void found.fetchNextPage()} />}
    </Card>
  );
}

function List({ members }: { members: Member[] }) {
  const hasAccounts = useMay('accounts:read');
  return (
    <Table label="Members" heads={['Member', ...(hasAccounts ? ['Account'] : []), 'Role', 'State', 'One-time password', 'Last sign-in']}>
      {members.map((member) => (
        <Row key={member.id}>
          <Cell><Named of={member} /></Cell>
          {hasAccounts && <Cell label="Account">{member.account}</Cell>}
          <Cell label="Role">{roleName(member.role)}{member.operator && <span className={quietClass}>Operator</span>}</Cell>
          <Cell label="State"><MemberState of={member} /><OpenLink of={member} /></Cell>
          <Cell label="One-time password">{member.totp ? 'On' : 'Off'}</Cell>
          <Cell label="Last sign-in">
            <Moment at={member.lastSignInAt} form="ago" />
            {member.lastSignInFrom !== null && <span className={quietClass}>from {member.lastSignInFrom}</span>}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Named({ of: member }: { of: Member }) {
  const me = useSession().member;
  const isMe = member.id === me.id;
  return (
    <>
      <Link href={isMe ? '/you' : `/members/${member.id}`} className={nameClass}>{member.name || member.email || 'Not set up yet'}{isMe && ' (you)'}</Link>
      {member.name !== '' && <span className={quietClass}>{member.email}</span>}
    </>
  );
}
