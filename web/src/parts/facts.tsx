// facts.tsx - what is known of one thing: a name and a value on each line.
import { Fragment, type ReactNode } from 'react';
import classes from './facts.module.css';

export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {of.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
