// form.tsx - the fields of a webhook, and what they hold.
import { Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { fieldOf, told } from '../api/problem';
import { Failed } from '../parts/states';
import { EventsField } from './events_field';

export type Filled = { name: string; url: string; events: string[] };
type Props = { value: Filled; onChange: (to: Filled) => void; isOfAccount: boolean; error: unknown; children?: ReactNode };

const fields = ['name', 'url', 'events'];

/** What the API says about a field stands at it, everything else below. `children` are fields of who calls. */
export function WebhookFields({ value, onChange, isOfAccount, error, children }: Props) {
  const field = fieldOf(error);
  const wrong = (of: string) => (field === of ? told(error) : undefined);
  return (
    <Stack>
      <TextInput label="Name" description="Of the program that receives it; may be empty" maxLength={100} value={value.name} onChange={(e) => onChange({ ...value, name: e.currentTarget.value })} autoComplete="off" error={wrong('name')} data-autofocus />
      <TextInput label="URL" description="Where it is sent by POST: https, with a name that leads to a public address" placeholder="https://hooks.example.com/keyward" required maxLength={512} value={value.url} onChange={(e) => onChange({ ...value, url: e.currentTarget.value })} inputMode="url" autoComplete="off" spellCheck={false} error={wrong('url')} />
      {children}
      <EventsField value={value.events} onChange={(events) => onChange({ ...value, events })} isOfAccount={isOfAccount} error={wrong('events')} />
      {error != null && !fields.includes(field ?? '') && <Failed error={error} />}
    </Stack>
  );
}
