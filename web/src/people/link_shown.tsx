// link_shown.tsx - what became of a new one-time link: it was mailed, or it is shown here, once.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { MemberWithLink } from '../api/members';
import { CodeBlock } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { useKeeping } from '../parts/hold';
import { Moment } from '../parts/moment';

type Props = { member: MemberWithLink; onClose: () => void };

/** Mount it with what the API answered; closed, the link is gone from this page. */
export function LinkShown({ member, onClose }: Props) {
  const title = member.link === 'reset' ? 'A link for a new password' : 'The invitation';
  const { isWarned, keep, leave } = useKeeping(member.secret === null, onClose);
  return (
    <Dialog onClose={leave} title={<Text fw={600}>{title}</Text>} size="lg" closeOnClickOutside={member.secret === null}>
      <Stack>
        <Became member={member} onCopied={keep} />
        {isWarned && <Alert color="ochre" title="The link has not been copied" role="alert">It is not shown again. Left without it, make a new one on the page of {member.email}: this one then stops working.</Alert>}
        <Group justify="flex-end">{isWarned ? <Button variant="default" onClick={onClose}>Leave without it</Button> : <Button onClick={leave} data-autofocus>Done</Button>}</Group>
      </Stack>
    </Dialog>
  );
}

function Became({ member, onCopied }: { member: MemberWithLink; onCopied: () => void }) {
  if (member.secret !== null) return <Shown member={member} onCopied={onCopied} text={member.url ?? `${window.location.origin}/accept#${member.secret}`} />;
  if (member.mailed === true) return <Text>Mailed to <b>{member.email}</b>. The link works once, and ends <Moment at={member.linkEndsAt} form="ago" />.</Text>;
  if (member.mailed === false)
    return <Alert color="ochre" title="The letter could not be sent now">Too many letters wait. Make a new link on the page of {member.email} in a few minutes.</Alert>;
  return <Alert color="ochre" title="This was done before">The first answer did not arrive here, and its link is not shown again. Make a new link on the page of {member.email}.</Alert>;
}

function Shown({ member, text, onCopied }: { member: MemberWithLink; text: string; onCopied: () => void }) {
  return (
    <>
      <Text>
        No mail is sent from here: pass this link on to <b>{member.email}</b> yourself, by a way that only they can read. It works once, ends{' '}
        <Moment at={member.linkEndsAt} form="ago" />, and is not shown again.
      </Text>
      <div onCopy={onCopied}><CodeBlock text={text} what="the link" wraps onCopied={onCopied} /></div>
    </>
  );
}
