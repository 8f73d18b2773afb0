// member_page.tsx - one member: who that is, what they may do, and the ways in and out.
import { Anchor, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, Redirect, useParams } from 'wouter';
import { memberQuery, type Member } from '../api/members';
import { useMay, useSession } from '../api/session';
import { Facts } from '../parts/facts';
import { Moment } from '../parts/moment';
import { Page, Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { roleName } from '../parts/words';
import { Deeds } from './deeds';
import { Maker } from './maker';
import { covers } from './rank';
import { RoleChange } from './role_change';
import { MemberState, OpenLink } from './state';

export default function MemberPage() {
  const id = useParams()['id'] ?? '';
  const me = useSession().member;
  const read = useQuery({ ...memberQuery(id), enabled: id !== me.id });
  if (id === me.id) return <Redirect to="/you" replace />;
  const lead = <Anchor component={Link} href="/members">All members</Anchor>;
  if (read.data === undefined)
    return <Page title="Member" lead={lead}>{read.error === null ? <Coming rows={5} what="Loading the member" /> : <Failed error={read.error} retry={() => void read.refetch()} />}</Page>;
  return <Shown of={read.data} />;
}

function Shown({ of: member }: { of: Member }) {
  const me = useSession().member;
  const mayWrite = useMay('members:write') && member.state !== 'removed';
  const isBelow = covers(me, member);
  const name = member.name || member.email || 'Not set up yet';
  return (
    <Page title={name} heading={<bdi>{name}</bdi>} lead={<Group gap="md"><Anchor component={Link} href="/members">All members</Anchor><MemberState of={member} /></Group>}>
      <Section title="Who this is"><Known of={member} /></Section>
      {mayWrite && !isBelow && <Section title="What you may do here">Nothing: {member.operator ? 'only an operator changes an operator.' : 'only an owner changes an owner.'}</Section>}
      {mayWrite && isBelow && (
        <Stack gap="lg">
          <RoleChange key={member.version} of={member} />
          <Deeds of={member} />
        </Stack>
      )}
    </Page>
  );
}

function Known({ of: member }: { of: Member }) {
  return (
    <Facts
      of={[
        ['E-mail', member.email || 'said at set-up'],
        ['Account', member.account],
        ['Role', member.operator ? `${roleName(member.role)}, and operator of this installation` : roleName(member.role)],
        ['One-time password', member.totp ? 'On' : 'Off'],
        ['Last sign-in', <><Moment at={member.lastSignInAt} />{member.lastSignInFrom !== null && <> from {member.lastSignInFrom}</>}</>],
        ...(member.link === 'none' ? [] : [['Link', <OpenLink of={member} />] as [string, ReactNode]]),
        ['Invited', <><Moment at={member.createdAt} /> by <Maker by={member.createdBy} /></>],
      ]}
    />
  );
}
