// events_field.tsx - what a webhook is told of: everything, or what is chosen, grouped by what it is about.
import { Checkbox, Code, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { webhookEventsQuery } from '../api/webhooks';
import { Coming, Failed } from '../parts/states';
import { EVERYTHING, groupsOf, type EventGroup } from './words';
import classes from './page.module.css';

type Props = { value: string[]; onChange: (to: string[]) => void; isOfAccount: boolean; error?: string };

const isEverything = (value: string[]) => value.includes(EVERYTHING);

/** `value` is as the API has it: ["*"] is everything; [] is nothing yet, which it does not take. */
export function EventsField({ value, onChange, isOfAccount, error }: Props) {
  return (
    <Stack gap="sm">
      <Radio.Group label="What it is told of" value={isEverything(value) ? 'all' : 'some'} onChange={(to) => onChange(to === 'all' ? [EVERYTHING] : [])} error={error}>
        <Stack gap="xs" mt="xs">
          <Radio value="all" label="Everything" description="Also what later versions add" />
          <Radio value="some" label="Only what is chosen" />
        </Stack>
      </Radio.Group>
      {!isEverything(value) && <Chosen value={value} onChange={onChange} isOfAccount={isOfAccount} />}
    </Stack>
  );
}

function Chosen({ value, onChange, isOfAccount }: Props) {
  const { data, error, refetch } = useQuery(webhookEventsQuery);
  if (data === undefined) return error === null ? <Coming rows={4} what="Loading what there is" /> : <Failed error={error} retry={() => void refetch()} />;
  return <div className={classes.groups}>{groupsOf(data, isOfAccount).map((group) => <Group key={group.name} of={group} value={value} onChange={onChange} />)}</div>;
}

function Group({ of: { name, events }, value, onChange }: { of: EventGroup; value: string[]; onChange: (to: string[]) => void }) {
  const types = events.map(({ type }) => type);
  const on = types.filter((type) => value.includes(type)).length;
  const put = (chosen: string[], isOn: boolean) => onChange([...value.filter((type) => !chosen.includes(type)), ...(isOn ? chosen : [])]);
  return (
    <Stack gap={6} role="group" aria-label={name}>
      <Checkbox label={<Text span inherit fw={600}>{name}</Text>} checked={on === types.length} indeterminate={on > 0 && on < types.length} onChange={(e) => put(types, e.currentTarget.checked)} />
      {events.map(({ type, text }) => (
        <Checkbox key={type} ml="lg" size="xs" label={<>{text.charAt(0).toUpperCase() + text.slice(1)} <Code>{type}</Code></>} checked={value.includes(type)} onChange={(e) => put([type], e.currentTarget.checked)} />
      ))}
    </Stack>
  );
}
