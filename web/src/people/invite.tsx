// invite.tsx - inviting somebody: who, and what they may do.
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useInvite, type MemberWithLink, type NewMember } from '../api/members';
import { fieldOf, told } from '../api/problem';
import { useSession } from '../api/session';
import { Dialog } from '../parts/dialog';
import { useOneTry } from '../parts/one_try';
import { Failed } from '../parts/states';
import type { Role } from '../parts/words';
import { RoleField } from './role_field';

type Props = { account: string; onClose: () => void; onInvited: (member: MemberWithLink) => void };

/** Mount it when it is asked for. `account` is the one that an operator looks at. */
export function Invite({ account, onClose, onInvited }: Props) {
  const me = useSession().member;
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(me.operator ? 'owner' : 'developer');
  const [where, setWhere] = useState(account || me.account);
  const [isOperator, setOperator] = useState(false);
  const oneTry = useOneTry();
  const invite = useInvite(onInvited);
  const wrong = (field: string) => (fieldOf(invite.error) === field ? told(invite.error) : undefined);
  const isElsewhere = invite.error !== null && !['email', 'name', 'role', 'account'].includes(fieldOf(invite.error) ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body: NewMember = { email: email.trim(), role, ...(name.trim() ? { name: name.trim() } : {}), ...(me.operator ? { account: where.trim(), operator: isOperator } : {}) };
    invite.mutate({ body, idempotencyKey: oneTry(body) });
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Invite a member</Text>} size="md" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="E-mail" type="email" required autoComplete="off" value={email} onChange={(e) => setEmail(e.currentTarget.value)} error={wrong('email')} data-autofocus />
          <TextInput label="Name" description="As others see them; they can change it when they accept" autoComplete="off" value={name} onChange={(e) => setName(e.currentTarget.value)} error={wrong('name')} />
          <RoleField value={role} onChange={setRole} error={wrong('role')} />
          {me.operator && <TextInput label="Account" description="Its id" required autoComplete="off" spellCheck={false} value={where} onChange={(e) => setWhere(e.currentTarget.value)} error={wrong('account')} />}
          {me.operator && <Checkbox label="Operator" description="May do everything, in all accounts of this installation" checked={isOperator} onChange={(e) => setOperator(e.currentTarget.checked)} />}
          {isElsewhere && <Failed error={invite.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={invite.isPending}>Send the invitation</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
