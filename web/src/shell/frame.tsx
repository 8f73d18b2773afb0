// frame.tsx - what stands around a page: where one can go, who one is, and whether Keyward answers.
import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSession, useSignOut } from '../api/session';
import { roleName } from '../parts/words';
import classes from './frame.module.css';
import { Mark } from './mark';
import { isAt, places } from './places';
import { Reach } from './reach';

export function Frame({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  useEffect(close, [location, close]);
  return (
    <AppShell navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} header={{ height: { base: 52, sm: 0 } }} padding={{ base: 'md', sm: 'xl' }}>
      <a href="#content" className={classes.skip}>Skip to the content</a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="md" justify="space-between">
          <Mark />
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'} aria-expanded={isOpen} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Keyward">
        <div className={classes.mark}><Mark /></div>
        <Places />
        <Person />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Reach />
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

function Places() {
  const { scopes } = useSession();
  const [location] = useLocation();
  return (
    <div className={classes.places}>
      {places
        .filter((place) => scopes.includes(place.scope))
        .map(({ href, name, icon: Icon }) => (
          <NavLink key={href} component={Link} href={href} label={name} leftSection={<Icon size={18} stroke={1.6} aria-hidden />} active={isAt(href, location)} aria-current={isAt(href, location) ? 'page' : undefined} className={classes.place} />
        ))}
    </div>
  );
}

function Person() {
  const { member } = useSession();
  const signOut = useSignOut();
  const [location] = useLocation();
  return (
    <div className={classes.person}>
      <Text size="xs" c="dimmed" px={12} pb={6} truncate title={member.account}>
        {member.operator ? 'Operator' : `${roleName(member.role)} of ${member.account}`}
      </Text>
      <NavLink component={Link} href="/you" label={member.name || member.email} leftSection={<IconUserCircle size={18} stroke={1.6} aria-hidden />} active={isAt('/you', location)} className={classes.place} />
      <NavLink component="button" label="Sign out" leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />} onClick={() => signOut.mutate()} className={classes.place} />
    </div>
  );
}
