// beginning.tsx - what the overview is while there is no key: the three steps to the first request.
import { Button, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Outline } from '../api/overview';
import { useMay } from '../api/session';
import { KeyCut } from '../parts/key_cut';
import classes from './beginning.module.css';

export function hasNoKeys({ keys }: Outline): boolean {
  return [keys.sandbox, keys.production].every((counts) => Object.values(counts).every((count) => count === 0));
}

const steps = [
  { title: 'Create a key', text: 'Say where it is used and what it may do. Begin in the sandbox, where nothing is real.' },
  { title: 'Send the first request', text: 'The key is shown once, with ready commands that carry it. It goes in the x-api-key header.' },
  { title: 'See it here', text: 'Each attempt stands in the activity as soon as it was decided, with the reason.' },
];

export function Beginning() {
  const mayMake = useMay('keys:write');
  return (
    <div className={classes.beginning}>
      <KeyCut id="4nT0b8Kz2QmX7e" environment="sandbox" size={2.6} />
      <ol className={classes.steps}>
        {steps.map(({ title, text }) => (
          <li key={title} className={classes.step}>
            <h2 className={classes.title}>{title}</h2>
            <Text c="dimmed">{text}</Text>
          </li>
        ))}
      </ol>
      {mayMake ? <Button component={Link} href="/keys/new" size="md">Create New Key</Button> : <Text>Your role does not make keys. Ask an admin or a developer of your account for the first one.</Text>}
    </div>
  );
}
