// create_form.tsx - the form of a new key: two fields, and what has sensible defaults folded away.
import { Button, Collapse, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { newIdempotencyKey } from '../api/client';
import { useMakeKey, type CreatedKey } from '../api/keys';
import { fieldOf, told } from '../api/problem';
import { useMay, useSession } from '../api/session';
import { Page } from '../parts/page';
import pageClasses from '../parts/page.module.css';
import { Failed } from '../parts/states';
import { environments, type Environment } from '../parts/words';
import { AccountField } from './account_field';
import classes from './choices.module.css';
import { EnvironmentChoice, PermissionChoice } from './choices';
import { useGiven } from './given';
import { inWords, toBody, usual, type Terms } from './terms';
import { TermsFields, type Setting } from './terms_fields';

const folded = ['expires', 'allowIp', 'rate', 'quota', 'rotationDays', 'onOverdue'];
const shown = ['name', 'permissions', 'account', ...folded];

type Filling = { terms: Terms; environment: Environment; account: string };

/* One filling of the form makes one key, however often it is sent: what is typed anew is another filling. */
function useFilling() {
  const { member } = useSession();
  const [filling, setFilling] = useState<Filling>({ terms: usual, environment: 'sandbox', account: member.account });
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const fill = (change: Partial<Filling>) => {
    setFilling((before) => ({ ...before, ...change }));
    setIdempotencyKey(newIdempotencyKey());
  };
  return { ...filling, idempotencyKey, fill };
}

export function CreateForm({ onMade }: { onMade: (made: CreatedKey) => void }) {
  const { terms, environment, account, idempotencyKey, fill } = useFilling();
  const make = useMakeKey(onMade);
  const given = useGiven(account, terms.permissions);
  const mayProduction = useMay('keys:production');
  const mayPickAccount = useMay('accounts:read');
  const field = fieldOf(make.error);
  const errorOf = (name: string) => (field === name ? told(make.error) : undefined);
  const set = (change: Partial<Terms>) => fill({ terms: { ...terms, ...change } });
  const isSending = useRef(false); /* the second click of two comes before anything is drawn anew */
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isSending.current) return;
    isSending.current = true;
    make.mutate({ body: { account: account.trim(), environment, ...toBody(terms) }, idempotencyKey }, { onSettled: () => { isSending.current = false; } });
  };
  return (
    <Page title="Create New Key" lead="It is shown once, when it is made. Keyward keeps only its fingerprint.">
      <form onSubmit={send} className={pageClasses.section} style={{ maxWidth: 760 }}>
        <Stack gap="xl">
          <TextInput label="Name" description="What will use it, so that you know it again" placeholder="Nightly reports" required maxLength={100} value={terms.name} onChange={(e) => set({ name: e.currentTarget.value })} error={errorOf('name')} autoComplete="off" />
          <EnvironmentChoice value={environment} onChange={(to) => fill({ environment: to })} mayProduction={mayProduction} />
          <PermissionChoice value={terms.permissions} onChange={(to) => set({ permissions: to })} error={errorOf('permissions')} />
          {mayPickAccount && <AccountField label="Account" description="Whose key it is" value={account} onChange={(to) => fill({ account: to })} error={errorOf('account')} maw={320} />}
          <More setting={{ terms, set, errorOf, given: given ?? { rate: 'none', quota: 'none' } }} isKnown={given !== undefined} isNeeded={field !== undefined && folded.includes(field)} />
          {make.error !== null && (field === undefined || !shown.includes(field)) && <Failed error={make.error} />}
          <Group>
            <Button type="submit" loading={make.isPending}>Create {environments[environment].toLowerCase()} key</Button>
            <Button variant="default" component={Link} href="/keys">Cancel</Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

/* It opens by itself when the API has something to say about what is in it. */
function More({ setting, isKnown, isNeeded }: { setting: Setting; isKnown: boolean; isNeeded: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  useEffect(() => {
    if (isNeeded) setOpen(true);
  }, [isNeeded]);
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.fold}>
      <Button variant="subtle" size="compact-md" px={6} ml={-6} leftSection={<Icon size={16} aria-hidden />} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} aria-controls={id}>More</Button>
      <Text size="sm" c="dimmed" mt={2}>{isKnown ? `${inWords(setting.terms, setting.given)}.` : ' '}</Text>
      <Collapse expanded={isOpen} id={id}><div style={{ paddingTop: 16 }}><TermsFields {...setting} /></div></Collapse>
    </div>
  );
}
