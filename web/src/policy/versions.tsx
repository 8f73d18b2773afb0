// versions.tsx - the versions of the policy: who put them and when, what each changed, and the way back to one.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changesQuery, useApply, versionsQuery, type PolicyVersion } from '../api/policy';
import { useMay } from '../api/session';
import { Maker } from '../people/maker';
import { ConfirmByName } from '../parts/confirm';
import { Moment } from '../parts/moment';
import { Section } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Changes } from './changes';

export function Versions() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(versionsQuery);
  if (data === undefined) return <Section title="Versions">{error === null ? <Coming rows={3} /> : <Failed error={error} retry={() => void refetch()} />}</Section>;
  return (
    <Section title="Versions">
      <Stack gap="md">
        {data.pages.flatMap(({ policies }) => policies).map((version) => <Version key={version.version} of={version} />)}
        {error !== null && <Failed error={error} retry={() => void fetchNextPage()} />}
        {hasNextPage && <Group><Button variant="default" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show older</Button></Group>}
      </Stack>
    </Section>
  );
}

function Version({ of: { version, inForce, routes, at, by } }: { of: PolicyVersion }) {
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const mayWrite = useMay('policy:write');
  return (
    <div>
      <Text size="sm"><b>Version {version}</b>{inForce && ', in force'}: {routes.toLocaleString()} {routes === 1 ? 'route' : 'routes'}, <Moment at={at} /></Text>
      {by !== null && <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>by <Maker by={by} /></Text>}
      <Group gap="xs" mt={4}>
        <Button variant="default" size="compact-xs" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} aria-label={`What it changed: version ${version}`}>What it changed</Button>
        {mayWrite && !inForce && <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={`Put in force again: version ${version}`}>Put in force again</Button>}
      </Group>
      {isOpen && <Changed from={version - 1} to={version} />}
      {isAsking && <Back to={version} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Changed({ from, to }: { from: number; to: number }) {
  const { data, error, refetch } = useQuery(changesQuery(from, to));
  if (data === undefined) return error === null ? <Coming rows={2} /> : <Failed error={error} retry={() => void refetch()} />;
  return <div style={{ marginTop: 8 }}><Changes of={data.changes} /></div>;
}

function Back({ to, onClose }: { to: number; onClose: () => void }) {
  const apply = useApply();
  return (
    <ConfirmByName title={`Put version ${to} in force again`} name={String(to)} verb="Put in force" onConfirm={() => apply.mutate(to, { onSuccess: onClose })} onClose={onClose} isBusy={apply.isPending} error={apply.error}>
      <Text>It replaces the whole policy as a new version, at once. Keys that need a route as it is now may be refused: “Try a new policy” tells who.</Text>
    </ConfirmByName>
  );
}
