// account_field.tsx - the id of an account, typed by an operator, with those that there are offered.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { accountIdsQuery } from '../api/keys';

type Props = Omit<TextInputProps, 'onChange'> & { value: string; onChange: (to: string) => void };

export function AccountField({ onChange, ...rest }: Props) {
  const ids = useQuery(accountIdsQuery);
  const list = useId();
  return (
    <>
      <TextInput {...rest} list={list} onChange={(e) => onChange(e.currentTarget.value)} autoComplete="off" spellCheck={false} />
      <datalist id={list}>{ids.data?.map((id) => <option key={id} value={id} />)}</datalist>
    </>
  );
}
