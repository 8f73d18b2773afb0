// frame.tsx - what stands around a page: where one can go, who one is, and whether Keyward answers.
import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { told } from '../api/problem';
import { useSession, useSignOut } from '../api/session';
import { FreezeBanner } from '../freezes/banner';
import { roleName } from '../parts/words';
import classes from './frame.module.css';
import { Mark } from './mark';
import { groups, isAt, type Place } from './places';
import { Reach } from './reach';

export function Frame({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  const burger = useRef<HTMLButtonElement>(null);
  useEffect(close, [location, close]);
  const closeByEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    close();
    burger.current?.focus();
  };
  return (
    <AppShell navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} header={{ height: { base: 52, sm: 0 } }} padding={{ base: 'md', sm: 'xl' }} onKeyDown={closeByEscape}>
      <a href="#content" className={classes.skip} onClick={toContent}>Skip to the content</a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="md" justify="space-between">
          <Mark />
          <Burger ref={burger} opened={isOpen} onClick={toggle} size="sm" aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'} aria-expanded={isOpen} aria-controls="navigation" />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navigation" className={classes.navbar} data-open={isOpen || undefined} aria-label="Keyward">
        <div className={classes.mark}><Mark /></div>
        <Places />
        <Person />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.content}>
        <Reach />
        <FreezeBanner />
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

/* Without a step in the history, which going back would stop at. */
function toContent(event: MouseEvent) {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Places() {
  const { scopes } = useSession();
  const seen = groups.map((group) => ({ ...group, places: group.places.filter((place) => scopes.includes(place.scope)) }));
  return (
    <div className={classes.places}>
      {seen
        .filter(({ places }) => places.length > 0)
        .map(({ name, places }) => (
          <div key={name ?? ''} role={name && 'group'} aria-label={name} className={classes.group}>
            {name !== undefined && <div className={classes.groupName} aria-hidden>{name}</div>}
            {places.map((place) => <Way key={place.href} to={place} />)}
          </div>
        ))}
    </div>
  );
}

function Way({ to: { href, name, icon: Icon, waiting: Waiting } }: { to: Place }) {
  const [location] = useLocation();
  const isHere = isAt(href, location);
  return <NavLink component={Link} href={href} label={name} leftSection={<Icon size={18} stroke={1.6} aria-hidden />} rightSection={Waiting && <Waiting />} active={isHere} aria-current={isHere ? 'page' : undefined} className={classes.place} />;
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
      <NavLink component={Link} href="/you" label={<bdi>{member.name || member.email}</bdi>} leftSection={<IconUserCircle size={18} stroke={1.6} aria-hidden />} active={isAt('/you', location)} aria-current={isAt('/you', location) ? 'page' : undefined} className={classes.place} />
      <NavLink component="button" data-ends-page label="Sign out" leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />} disabled={signOut.isPending} onClick={() => signOut.mutate()} className={classes.place} />
      {signOut.error !== null && <Text size="xs" c="var(--mantine-color-error)" px={12} pt={6} role="alert">Still signed in. {told(signOut.error)}</Text>}
    </div>
  );
}
