// ending.tsx - says that the session is about to end for want of use, and asks for it when it has. To say so prolongs nothing.
import { Button, Group, Paper, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sessionQuery } from '../api/session';
import { timeLeft } from '../api/use';
import classes from './ending.module.css';

const LOOK_EVERY_MS = 5_000;
const NOTICE_MS = 2 * 60_000;
const SURELY_MS = -10_000; /* asked for a moment too early, it would go on */

function useTimeLeft() {
  const [left, setLeft] = useState(timeLeft);
  useEffect(() => {
    const timer = setInterval(() => setLeft(timeLeft()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return [left, () => setLeft(timeLeft())] as const;
}

export function Ending() {
  const queries = useQueryClient();
  const [left, look] = useTimeLeft();
  const use = () => void queries.refetchQueries({ queryKey: sessionQuery.queryKey }).then(look);
  const hasEnded = left < SURELY_MS;
  useEffect(() => {
    if (hasEnded) void queries.refetchQueries({ queryKey: sessionQuery.queryKey });
  }, [hasEnded, queries]);
  const isSoon = left > 0 && left <= NOTICE_MS;
  return (
    <div role="status" className={classes.place}>
      {isSoon && (
        <Paper withBorder shadow="md" p="sm">
          <Group gap="sm" justify="space-between">
            <Text size="sm">Your session ends in {left > 60_000 ? 'two minutes' : 'a minute'}: it has not been used.</Text>
            <Button size="compact-sm" onClick={use}>Stay signed in</Button>
          </Group>
        </Paper>
      )}
    </div>
  );
}
