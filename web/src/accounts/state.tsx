// state.tsx - whether an account is active or suspended.
import type { Account } from '../api/accounts';
import classes from './page.module.css';

export function AccountState({ state }: { state: Account['state'] }) {
  return <span className={classes.state} data-state={state}>{state === 'active' ? 'Active' : 'Suspended'}</span>;
}
