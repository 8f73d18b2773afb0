// words.ts - a record in the words of a headline: what happened, to what, by whom, and how it went.
import { detectorName } from '../alerts/words';
import type { RecordLine } from '../api/events';
import { reasonName } from '../parts/words';
import { isSpend, spendDetail, spendTitle, spendTone } from './spending';

/** allowed and denied are attempts, changed is a change, in and out are sign-ins that went well or not, read is a reading of the record, counted is what stands for many, warned is a warning. */
export type Tone = 'allowed' | 'denied' | 'changed' | 'in' | 'out' | 'counted' | 'warned' | 'read';

const signIns: Record<string, string> = {
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in refused',
  half_done: 'Password right, code asked for',
  stepped_up: 'Proved again who it is',
  step_up_failed: 'Fresh proof failed',
  signed_out: 'Signed out',
  session_ended: 'Session ended',
  session_refused: 'Session refused',
  link_used: 'One-time link used',
  link_failed: 'One-time link refused',
  token_refreshed: 'Token renewed',
  token_refused: 'Token refused',
  reset_sent: 'New password asked for',
  reset_refused: 'New password refused',
};

const leaks: Record<string, string> = {
  not_a_key: 'Leak report: no key',
  unknown_key: 'Leak report: no such key',
  wrong_secret: 'Leak report: wrong secret',
  over: 'Leak report: works no more',
  not_looked_at: 'Leak report: not looked at',
  told: 'Key leaked: nothing was done',
  froze_transact: 'Key leaked: transactions frozen',
  froze_all: 'Key leaked: frozen',
  disabled: 'Key leaked: disabled',
  revoked: 'Key leaked: revoked',
  done_before: 'Key leaked: held back before',
  not_done: 'Key leaked: could not be held back',
};

const warnings: Record<string, string> = {
  rotation_due_30d: 'Rotation due within 30 days',
  rotation_due_7d: 'Rotation due within a week',
  rotation_due_1d: 'Rotation due within a day',
  rotation_overdue: 'Not rotated in time',
  old_secret_used: 'Old secret used after its end',
};

const reads: Record<string, string> = {
  searched: 'Read the record',
  exported: 'Exported records',
  explained: 'Had a request explained',
  verified: 'Verified the record',
  listed_days: 'Listed the days of the record',
  tried_policy: 'Tried a policy on past requests',
};

const whys: Record<string, string> = {
  wrong_password: 'wrong password',
  unknown_email: 'nobody has this e-mail',
  not_active: 'the member is not active',
  locked: 'too many failures before',
  busy: 'too many at once',
  wrong_code: 'wrong code',
  code_used: 'the code was used before',
  too_many_codes: 'too many wrong codes',
  half_expired: 'the code came too late',
  recovery_code: 'with a recovery code',
  link_unknown: 'no such link',
  link_expired: 'the link has expired',
  link_spent: 'the link was used before',
  idle: 'not used for too long',
  too_old: 'as old as any may get',
  revoked: 'taken back',
  member_changed: 'password, code or role changed',
  replaced: 'another took its place',
  unknown_session: 'no such session',
  unknown_token: 'no such token',
  wrong_secret: 'wrong secret',
  token_expired: 'the token has expired',
  token_reused: 'the token was used before',
  cross_site: 'sent by another site',
};

const objects: Record<string, string> = { key: 'Key', account: 'Account', policy: 'Policy', member: 'Member', token: 'Token', environment: 'Environment', spend_rules: 'Spend limits' };
const documents: Record<string, string> = { alert: 'Alert', webhook: 'Webhook', thresholds: 'Thresholds', report: 'Report' };
const became: Record<string, string> = { revoked: 'revoked', disabled: 'disabled', suspended: 'suspended', removed: 'removed' };
const isRead = (line: RecordLine) => line.kind === 'read' || line.kind === 'read_summary';
const isLeak = (line: RecordLine) => line.kind === 'leak' || line.kind === 'leak_summary';
/** Whether the key of a record is known to us, and was not only claimed by somebody: nobody came with it. */
export const isOfKey = (line: RecordLine) => line.kind === 'leak' || line.kind === 'warning' || isSpend(line);
const refusedSignIn = /(_failed|_refused)$/;

export function toneOf(line: RecordLine): Tone {
  if (line.kind === 'change') return 'changed';
  if (line.kind === 'sign_in' || line.kind === 'sign_in_summary') return refusedSignIn.test(line.what ?? '') ? 'out' : 'in';
  if (line.kind === 'gap' || line.kind === 'leak_summary') return 'counted';
  if (line.kind === 'warning') return 'warned';
  if (isRead(line)) return line.kind === 'read' ? 'read' : 'counted';
  if (isSpend(line)) return spendTone(line);
  return line.verdict === 'allow' ? 'allowed' : 'denied';
}

export function summaryOf(line: RecordLine): Record<string, unknown> {
  return typeof line.summary === 'object' && line.summary !== null ? (line.summary as Record<string, unknown>) : {};
}

/* A family of tokens is made by exchanging a key, goes on by being refreshed, and is ended. */
function familyTitle(line: RecordLine): string {
  if (line.version === 1) return 'Key exchanged';
  return summaryOf(line)['state'] === 'ended' ? 'Access tokens ended' : 'Token refreshed';
}

/* What a document is about is its own: an alert is raised and taken on, the others are made and changed. */
function documentTitle(line: RecordLine): string {
  const { document, state } = summaryOf(line);
  const name = documents[String(document)] ?? 'Document';
  if (document !== 'alert') return line.version === 1 ? `${name} made` : `${name} ${became[String(state)] ?? 'changed'}`;
  return line.version === 1 ? 'Alert raised' : `Alert ${state === 'acknowledged' || state === 'resolved' ? state : 'changed'}`;
}

/* The record holds the object as it is after the change: a first version was made, and a state that ends something says so. */
function changeTitle(line: RecordLine): string {
  const object = objects[line.object_kind ?? ''] ?? 'Object';
  if (line.object_kind === 'policy') return `Policy ${line.version ?? ''} in force`;
  if (line.object_kind === 'family') return familyTitle(line);
  if (line.object_kind === 'document') return documentTitle(line);
  const state = became[String(summaryOf(line)['state'])];
  if (line.version === 1) return line.object_kind === 'member' ? 'Member added' : `${object} made`;
  return `${object} ${state ?? 'changed'}`;
}

/** "12 × Unknown key", "Denied", "Key revoked", "Signed in". */
export function titleOf(line: RecordLine): string {
  const times = (line.count ?? 1) > 1 ? `${(line.count ?? 1).toLocaleString()} × ` : '';
  if (line.kind === 'change') return changeTitle(line);
  if (isSpend(line)) return spendTitle(line);
  if (line.what !== undefined && line.kind === 'warning') return warnings[line.what] ?? line.what;
  if (line.what !== undefined && isRead(line)) return times + (reads[line.what] ?? line.what);
  if (line.what !== undefined && isLeak(line)) return times + (leaks[line.what] ?? line.what);
  if (line.what !== undefined) return times + (signIns[line.what] ?? line.what);
  if (line.kind === 'gap') return line.count === 0 ? 'Gap in the record' : `${times}not recorded one by one`;
  return times + reasonName(line.reason ?? '');
}

/** The API's own short word for it, which filters take; shown beside the words. */
export function codeOf(line: RecordLine): string | undefined {
  return line.kind === 'change' ? undefined : (line.what ?? line.reason);
}

/* Which detector an alert is of; nothing of other documents. */
function documentDetail(line: RecordLine): string | undefined {
  const { document, content } = summaryOf(line);
  return document === 'alert' ? detectorName(String((content as { detector?: unknown } | undefined)?.detector)) : undefined;
}

/** What a sign-in came to, or the name of what was changed. */
export function detailOf(line: RecordLine): string | undefined {
  if (line.kind === 'change' && line.object_kind === 'document') return documentDetail(line);
  if (line.kind === 'change') {
    const summary = summaryOf(line);
    const name = summary['name'] || summary['email'];
    if (typeof name === 'string') return name;
    if (line.object_kind === 'family') return `family ${line.object_id ?? ''} of key ${String(summary['key'])}`;
    return typeof summary['routes'] === 'number' ? `${summary['routes']} routes` : undefined;
  }
  if (isSpend(line)) return spendDetail(line);
  if (line.why !== undefined) return whys[line.why] ?? line.why;
  return line.filter ?? line.url ?? line.note;
}

/** Where the object of a change has a page. */
export function objectHref(line: RecordLine): string | undefined {
  const id = encodeURIComponent(line.object_id ?? '');
  if (line.object_kind === 'policy') return '/policy';
  if (id === '') return undefined;
  if (line.object_kind === 'key') return `/keys/${id}`;
  if (line.object_kind === 'account') return `/accounts/${id}`;
  if (line.object_kind === 'family') return `/keys/${encodeURIComponent(String(summaryOf(line)['key']))}`;
  if (line.object_kind === 'document') return summaryOf(line)['document'] === 'alert' ? `/alerts/${id}` : undefined;
  return line.object_kind === 'member' ? `/members/${id}` : undefined;
}

/** What tells a record from all others, for whom it shows a place and for whom not. */
export function identityOf(line: RecordLine): string {
  if (line.batch !== undefined) return `${line.batch}.${line.record ?? 0}`;
  return line.request_id ?? JSON.stringify(line);
}
