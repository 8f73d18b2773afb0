// role_field.tsx - the choice of a role, each with what it may do.
import { Radio, Stack } from '@mantine/core';
import { useSession } from '../api/session';
import type { Role } from '../parts/words';
import { givable } from './rank';

type Props = { label?: string; value: Role; onChange: (role: Role) => void; error?: string };

export function RoleField({ label = 'Role', value, onChange, error }: Props) {
  const { member } = useSession();
  return (
    <Radio.Group label={label} value={value} onChange={(to) => onChange(to as Role)} error={error}>
      <Stack gap="xs" mt={6}>
        {givable(member).map((role) => <Radio key={role.value} value={role.value} label={role.name} description={role.what} />)}
      </Stack>
    </Radio.Group>
  );
}
