// state.tsx - how it stands with a member and with his link, in a few words.
import { Text } from '@mantine/core';
import type { Member } from '../api/members';
import { Moment } from '../parts/moment';
import { Tag } from '../parts/tag';

const tones = { active: 'good', invited: 'open', removed: 'over' } as const;
const names = { active: 'Active', invited: 'Invited', removed: 'Removed' };

export function MemberState({ of: member }: { of: Member }) {
  return <Tag tone={tones[member.state]}>{names[member.state]}</Tag>;
}

const links = { none: '', setup: 'Set-up link', invitation: 'Invitation', reset: 'Link for a new password' };

/** The link that is open; nothing where there is none. */
export function OpenLink({ of: member }: { of: Member }) {
  if (member.link === 'none' || member.linkEndsAt === null) return null;
  const isOver = Date.parse(member.linkEndsAt) <= Date.now();
  return (
    <Text size="sm" c="dimmed">
      {links[member.link]} {isOver ? 'ended' : 'open, ends'} <Moment at={member.linkEndsAt} form="ago" />
    </Text>
  );
}
