// of_account.tsx - for operators: of which account a list is. It stands in the address.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useMay } from '../api/session';
import { publicPart } from '../keys/public_part';

export function OfAccount() {
  const [params, setParams] = useSearchParams();
  const seesAll = useMay('accounts:read');
  const account = params.get('account') ?? '';
  const [typed, setTyped] = useState(account);
  if (!seesAll) return null;
  const show = (to: string) => setParams(publicPart(to) === '' ? {} : { account: publicPart(to) }, { replace: true });
  return (
    <form onSubmit={(event) => { event.preventDefault(); show(typed.trim()); }}>
      <TextInput label="Account" placeholder="All accounts" maw={320} value={typed} autoComplete="off" spellCheck={false} onChange={(e) => setTyped(e.currentTarget.value)} onBlur={() => show(typed.trim())} />
    </form>
  );
}
