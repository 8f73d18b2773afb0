// subject.tsx - what an alert is about: a key, who asked, an address, or all of us.
import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { Alert } from '../api/alerts';
import { KeyId } from '../activity/who';
import type { Environment } from '../parts/words';
import { Maker } from '../people/maker';
import classes from './page.module.css';

const MAKER = /^(member|token|uid):/;

/** By its name, where it has one, and by its id. */
export function Subject({ of: alert }: { of: Alert }) {
  return <>{alert.name !== null && <><bdi className={classes.named}>{alert.name}</bdi> </>}<Id of={alert} /></>;
}

function Id({ of: { keyId, environment, subject, detector } }: { of: Alert }) {
  if (keyId !== null) return <KeyId id={keyId} environment={(environment ?? 'production') as Environment} isProved />;
  if (subject === null) return <span className={classes.quiet}>The whole installation</span>;
  if (MAKER.test(subject)) return <Maker by={subject} />;
  if (detector === 'sign_in_failures' && /^[0-9A-Za-z]{14}$/.test(subject)) return <Maker by={`member:${subject}`} />;
  if (detector === 'webhook_off') return <Anchor component={Link} href={`/webhooks/${subject}`} className={classes.mono}>{subject}</Anchor>;
  return <bdi className={classes.mono}>{subject}</bdi>;
}
