// account_select.tsx - for who sees all accounts: of which one is shown, of those that there are.
import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { accountIdsQuery } from '../api/keys';
import { useMay } from '../api/session';

type Props = Omit<NativeSelectProps, 'value' | 'onChange' | 'data'> & { value: string | undefined; onChange: (value: string) => void; all?: string };

/** '' is all of them, which `all` says. Nothing for who sees one only. */
export function AccountSelect(props: Props) {
  return useMay('accounts:read') ? <Choice {...props} /> : null;
}

function Choice({ value, onChange, all = 'All accounts', ...rest }: Props) {
  const { data = [] } = useQuery(accountIdsQuery);
  const ids = value === undefined || data.includes(value) ? data : [value, ...data];
  return <NativeSelect value={value ?? ''} onChange={(e) => onChange(e.currentTarget.value)} data={[{ value: '', label: all }, ...ids.map((id) => ({ value: id, label: id }))]} maw={240} {...rest} />;
}
