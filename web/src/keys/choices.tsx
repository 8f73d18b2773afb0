// choices.tsx - the two choices that make a key what it is: its environment, and what it may do.
import { Checkbox, Input, Radio, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { installationQuery } from '../api/installation';
import { environments, permissions, type Environment, type Permission } from '../parts/words';
import classes from './choices.module.css';

type EnvironmentProps = { value: Environment; onChange: (to: Environment) => void; mayProduction: boolean };

const purposes: Record<Environment, string> = {
  sandbox: 'For building and trying out. It opens the sandbox and nothing else.',
  production: 'For what is live. What is done with it counts.',
};

/** Two cards that never look alike. */
export function EnvironmentChoice({ value, onChange, mayProduction }: EnvironmentProps) {
  return (
    <Radio.Group label="Environment" description={mayProduction ? undefined : 'Production keys are made by admins and owners of the account.'} value={value} onChange={(to) => onChange(to as Environment)}>
      <div className={classes.pair} style={{ marginTop: 8 }}>
        <EnvironmentCard value="sandbox" isChosen={value === 'sandbox'} />
        <EnvironmentCard value="production" isChosen={value === 'production'} isDisabled={!mayProduction} />
      </div>
    </Radio.Group>
  );
}

function EnvironmentCard({ value, isChosen, isDisabled = false }: { value: Environment; isChosen: boolean; isDisabled?: boolean }) {
  const { data } = useQuery(installationQuery);
  const begins = `${data?.brand ?? 'mk'}_${value === 'sandbox' ? 'test' : 'live'}_`;
  return (
    <Radio.Card value={value} disabled={isDisabled} data-disabled={isDisabled || undefined} data-environment={value} className={classes.card} aria-label={`${environments[value]}. ${isDisabled ? 'Made by admins and owners. ' : ''}${purposes[value]}`}>
      <span className={classes.head}>
        <Mark isChosen={isChosen} />
        {environments[value]}
      </span>
      <span className={classes.what}>{purposes[value]}</span>
      <span className={classes.host}>{data?.gateways[value] ?? `${begins}…`}</span>
    </Radio.Card>
  );
}

function Mark({ isChosen }: { isChosen: boolean }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden>
      <circle cx="9" cy="9" r="8" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {isChosen && <circle cx="9" cy="9" r="4.5" fill="currentColor" />}
    </svg>
  );
}

type PermissionProps = { value: Permission[]; onChange: (to: Permission[]) => void; error?: ReactNode };

/** Several may be chosen; none means Read Only, and says so. */
export function PermissionChoice({ value, onChange, error }: PermissionProps) {
  return (
    <Checkbox.Group label="Permissions" description="What a program that has the key may do. Less is safer." value={value} onChange={(to) => onChange(to as Permission[])} error={error}>
      <div className={classes.four} style={{ marginTop: 8 }}>
        {permissions.map((permission) => <PermissionCard key={permission.value} of={permission} />)}
      </div>
      {value.length === 0 && <Input.Description mt={8} role="status">Nothing is chosen: the key gets Read Only.</Input.Description>}
    </Checkbox.Group>
  );
}

function PermissionCard({ of: { value, name, what, use } }: { of: (typeof permissions)[number] }) {
  return (
    <Checkbox.Card value={value} className={classes.permission} aria-label={`${name}. ${what}. For: ${use}`}>
      <Checkbox.Indicator mt={2} />
      <span>
        <Text span fw={600}>{name}</Text>
        {value === 'full_access' && <span className={classes.wide}>Opens everything</span>}
        <Text span size="sm" display="block">{what}</Text>
        <Text span size="sm" c="dimmed" display="block">{use}</Text>
      </span>
    </Checkbox.Card>
  );
}
