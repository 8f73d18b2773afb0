// browser_use.tsx - says that a key was used from a browser, where anybody who looks at the page can read it.
import { Alert, Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { activityHref } from '../activity/asked';
import { newestQuery } from '../api/events';
import { Moment } from '../parts/moment';

const SINCE = '30d';

export function BrowserUse({ id }: { id: string }) {
  const { data } = useQuery(newestQuery({ key: id, browser: 'true', from: SINCE }, 1));
  const last = data?.lines[0];
  if (last === undefined) return null;
  return (
    <Alert color="ochre" variant="light" role="status" title="Used from a browser">
      Last <Moment at={last.time} form="ago" />. A key in a page is a key that everybody has: keep it on a server, and rotate it.{' '}
      <Anchor underline="always" component={Link} href={activityHref({ key: id, browser: 'true', from: SINCE })} inherit>These requests</Anchor>
    </Alert>
  );
}
