// role_change.tsx - giving a member another role.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { memberQuery, useChangeMember, type Member, type MemberChange } from '../api/members';
import { Refusal } from '../api/problem';
import { useSession } from '../api/session';
import { Section } from '../parts/page';
import { Failed } from '../parts/states';
import { RoleField } from './role_field';

/** Give it a key that changes with the version, and it begins with what there is. */
export function RoleChange({ of: member }: { of: Member }) {
  const me = useSession().member;
  const queries = useQueryClient();
  const [role, setRole] = useState(member.role);
  const [isOperator, setOperator] = useState(member.operator);
  const change = useChangeMember();
  const asked: MemberChange = { ...(role !== member.role ? { role } : {}), ...(isOperator !== member.operator ? { operator: isOperator } : {}) };
  const isChanged = Object.keys(asked).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ read: member, change: asked });
  };
  const isOutdated = change.error instanceof Refusal && change.error.status === 412;
  return (
    <Section title="Role">
      <form onSubmit={submit}>
        <Stack>
          <RoleField label="What they may do" value={role} onChange={setRole} />
          {me.operator && <Checkbox label="Operator" description="May do everything, in all accounts of this installation" checked={isOperator} onChange={(e) => setOperator(e.currentTarget.checked)} />}
          <Text size="sm" c="dimmed">It holds from their next call on. Their management tokens can do no more than they can.</Text>
          {change.error !== null && <Failed error={change.error} retry={isOutdated ? () => void queries.invalidateQueries({ queryKey: memberQuery(member.id).queryKey }) : undefined} />}
          <Group>
            <Button type="submit" disabled={!isChanged} loading={change.isPending}>Change the role</Button>
            {isChanged && <Button variant="default" onClick={() => { setRole(member.role); setOperator(member.operator); }}>Leave it as it is</Button>}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
