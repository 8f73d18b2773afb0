// deeds.tsx - a new link for a member, taking away what they sign in with, and removing them.
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMemberDeed, useNewLink, type Member, type MemberDeed, type MemberWithLink } from '../api/members';
import { useSession } from '../api/session';
import { ConfirmByName } from '../parts/confirm';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { LinkShown } from './link_shown';

export function Deeds({ of: member }: { of: Member }) {
  const me = useSession().member;
  const [asked, setAsked] = useState<MemberDeed | null>(null);
  return (
    <>
      <NewLink of={member} />
      {me.operator && (
        <Section title="Lost password and phone">
          <Stack align="flex-start">
            <Text>Take away everything this member signs in with; then make a new link for them.</Text>
            <Button color="brick" variant="light" onClick={() => setAsked('forget')}>Take away credentials</Button>
          </Stack>
        </Section>
      )}
      <Section title="Remove">
        <Stack align="flex-start">
          <Text>The keys that this member made stay in force.</Text>
          <Button color="brick" variant="light" onClick={() => setAsked('remove')}>Remove member</Button>
        </Stack>
      </Section>
      {asked !== null && <Sure deed={asked} of={member} onClose={() => setAsked(null)} />}
    </>
  );
}

function NewLink({ of: member }: { of: Member }) {
  const [made, setMade] = useState<MemberWithLink | null>(null);
  const newLink = useNewLink(member.id, setMade);
  const isInvited = member.state === 'invited';
  const what = isInvited ? 'An invitation for seven days, with which they come in for the first time.' : 'A link for one hour, with which they set a new password. Their one-time password stays.';
  return (
    <Section title={isInvited ? 'A new invitation' : 'A new password'}>
      <Stack align="flex-start">
        <Text>{what}{member.link !== 'none' && ' The link that is open stops working.'}</Text>
        {newLink.error !== null && <Failed error={newLink.error} />}
        <Group><Button variant="default" loading={newLink.isPending} onClick={() => newLink.mutate()}>{isInvited ? 'Invite again' : 'Make a link for a new password'}</Button></Group>
      </Stack>
      {made !== null && <LinkShown member={made} onClose={() => setMade(null)} />}
    </Section>
  );
}

const words = {
  remove: { title: 'Remove this member', verb: 'Remove member', breaks: ['Their sessions end at once.', 'Their management tokens are revoked: programs that use them stop working.', 'They cannot sign in again; an open link is void.', 'The keys of the account stay in force.'] },
  forget: { title: 'Take away credentials', verb: 'Take away credentials', breaks: ['Password, one-time password and recovery codes are void, and an open link with them.', 'Their sessions end at once.', 'Their management tokens are revoked: programs that use them stop working.', 'They come back in with a new link alone.'] },
};

function Sure({ deed, of: member, onClose }: { deed: MemberDeed; of: Member; onClose: () => void }) {
  const act = useMemberDeed(member.id);
  const { title, verb, breaks } = words[deed];
  return (
    <ConfirmByName title={title} name={member.name || member.email} verb={verb} onClose={onClose} isBusy={act.isPending} error={act.error ?? undefined} onConfirm={() => act.mutate(deed, { onSuccess: onClose })}>
      <List spacing={4}>{breaks.map((one) => <List.Item key={one}>{one}</List.Item>)}</List>
    </ConfirmByName>
  );
}
