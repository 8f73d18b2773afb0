// end_tokens.tsx - asks before the tokens of one family, or of a whole key, are ended: who is refused then, and who gets new ones.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEndTokens, type Family } from '../api/access_tokens';
import type { Key } from '../api/keys';
import { Dialog } from '../parts/dialog';
import { Refused } from './deeds';
import classes from './key_page.module.css';

type Props = { of: Key; family: Family | null; onClose: () => void; onDone: () => void };

/** Mount it when it is asked for; without a `family` it is about all of the key. */
export function EndTokens({ of: key, family, onClose, onDone }: Props) {
  const ending = useEndTokens(key.id);
  const run = () => ending.mutate(family, { onSuccess: onDone });
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>{family === null ? 'End all access tokens of this key' : 'End this family of tokens'}</Text>} size="md">
      <Stack>
        {family === null ? <Text fw={600} style={{ overflowWrap: 'anywhere' }}><bdi>{key.name}</bdi></Text> : <Text className={classes.masked}>{family.id}</Text>}
        <Text>{family === null ? 'Every program that comes with a token of this key' : 'Whoever comes with a token of this family'} gets 401 at once, and can refresh it no more. The key itself goes on working.</Text>
        <Text>Whoever has the key can exchange it again: if the key has leaked, rotate or revoke it.</Text>
        <Refused error={ending.error} again={run} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button color="brick" onClick={run} loading={ending.isPending} data-autofocus>{family === null ? 'End all tokens' : 'End tokens'}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
