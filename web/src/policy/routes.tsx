// routes.tsx - the routes of one class, and what a key needs for them.
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Permission } from '../parts/words';
import { permissionNames } from './classes';
import classes from './routes.module.css';

type Props = { name: string; what: string; opens: Permission[]; routes: string[]; total: number };

/* Thousands are allowed; nobody reads them at once. */
const SHOWN = 100;

export function Routes({ name, what, opens, routes, total }: Props) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? routes : routes.slice(0, SHOWN);
  return (
    <div className={classes.group}>
      <h3 className={classes.name}>
        {name} <span className={classes.count}>{routes.length === total ? total.toLocaleString() : `${routes.length.toLocaleString()} of ${total.toLocaleString()}`}</span>
      </h3>
      <Text size="sm" c="dimmed" mb={6}>{opens.length === 0 ? `${what}.` : opens.length === 4 ? 'Any key, whatever it may do.' : `${permissionNames(opens)}.`}</Text>
      <ul className={classes.routes}>
        {shown.map((route) => <Route key={route} route={route} />)}
      </ul>
      {routes.length > shown.length && <Button variant="default" size="compact-sm" mt="xs" onClick={() => setAll(true)}>Show all {routes.length.toLocaleString()}</Button>}
    </div>
  );
}

function Route({ route }: { route: string }) {
  const [method, path = ''] = route.split(/ (.*)/s);
  return (
    <li className={classes.route}>
      <span className={classes.method}>{method}</span>
      <span className={classes.path}>{path.split(/(\{[^}]*\}|\/\*\*$)/).map((part, i) => (i % 2 === 1 ? <em key={i}>{part}</em> : part))}</span>
    </li>
  );
}
