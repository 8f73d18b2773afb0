// rank.ts - who may touch whom, as the API has it: nobody gives what he has not, or touches who is above him.
import type { Session } from '../api/session';
import { roles, type Role } from '../parts/words';

type Ranked = { role: Role; operator: boolean };

const height = (role: Role) => roles.findIndex((r) => r.value === role);

export function covers(me: Session['member'], other: Ranked): boolean {
  return me.operator || (!other.operator && height(other.role) <= height(me.role));
}

/** The roles that somebody may give. */
export function givable(me: Session['member']) {
  return roles.filter((role) => covers(me, { role: role.value, operator: false }));
}
