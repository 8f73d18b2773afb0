// words.ts - an alert in words: how grave it is, what found it, how it stands, and what was done to its key.
import type { Alert, AlertHistory, AlertState, AlertWhole, Severity } from '../api/alerts';

/** In their order; `soon` is when somebody should look. */
export const severities: { value: Severity; name: string; soon: string }[] = [
  { value: 'low', name: 'Low', soon: 'with the next digest' },
  { value: 'medium', name: 'Medium', soon: 'today' },
  { value: 'high', name: 'High', soon: 'now' },
  { value: 'critical', name: 'Critical', soon: 'at night, too' },
];

export function rankOf(value: Severity): number {
  return severities.findIndex((severity) => severity.value === value);
}

export const stateNames: Record<AlertState, string> = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' };

/** What the watch looks for, in the order of docs/detectors.md. */
export const detectors: Record<string, string> = {
  source_failures: 'Failing address',
  key_failures: 'Wrong secrets of a key',
  sign_in_failures: 'Failing sign-ins',
  new_country: 'New country',
  new_network: 'New network',
  usage_spike: 'Usage spike',
  transact_burst: 'Burst of transactions',
  odd_hours: 'Odd hours',
  spend_amount: 'Unusual amount',
  spend_destination: 'New destination',
  spend_edge: 'Just under the limit',
  denials: 'Denied again and again',
  sandbox_place: 'Production key in the sandbox’s place',
  browser: 'Used by a browser',
  plain_http: 'Plain HTTP',
  in_url: 'Credential in a URL',
  dormant: 'Dormant key awake',
  old_secret: 'Old secret used',
  rotation_due: 'Rotation due',
  rotation_overdue: 'Rotation overdue',
  leak: 'Leaked key',
  token_reuse: 'Refresh token used twice',
  denial_rate: 'Many denials',
  unrecordable: 'Record full',
  record_lag: 'Record behind',
  seal: 'Broken seal',
  clock: 'Clock jumped',
  disk: 'Disk full',
  webhook_off: 'Webhook off',
  test: 'Test',
  watch_lag: 'Watch behind',
};

export function detectorName(value: string): string {
  return detectors[value] ?? value;
}

/** "This key is used by a browser". */
export function titleOf({ title }: Alert): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** In two or three words, for a list. */
export function deedName({ action, deed }: Alert): string {
  if (action === 'notify') return 'People told';
  if (deed === 'none') return 'Nothing to take';
  if (deed === 'pending') return 'Being held back';
  if (deed === 'failed') return 'Could not be done';
  if (deed === 'undone') return 'Undone';
  return action === 'disable' ? 'Key disabled' : 'Key only reads';
}

/** In full sentences. */
export function deedSentence({ action, deed, keyId }: Alert): string {
  if (action === 'notify') return keyId === null ? 'People were told.' : 'People were told. The key was left as it is.';
  const wanted = action === 'disable' ? 'be disabled' : 'keep Read Only alone';
  if (deed === 'none') return `The key was to ${wanted}, and could do no more already: nothing was taken from it.`;
  if (deed === 'pending') return `The key is to ${wanted}: this is being done.`;
  if (deed === 'failed') return `The key was to ${wanted}, which could not be done: the log of keyward serve says why. Look at the key.`;
  if (deed === 'undone') return 'The key has back what this alert took from it.';
  return action === 'disable' ? 'The key was disabled: every request with it is refused.' : 'The key keeps Read Only alone: money and settings stop, reading goes on.';
}

const deedSteps = { none: '', pending: 'Key is to be held back', failed: 'Key could not be held back', undone: 'Undone: the key has back what was taken' };

/** What a step of the history was, told from the one before it, which is missing where the history begins or was cut off. */
export function stepName({ action, version, history }: AlertWhole, index: number): string {
  const step = history[index] as AlertHistory;
  const before = history[index + 1];
  if (before === undefined && version === history.length) return 'Raised';
  if (before !== undefined && step.deed !== null && step.deed !== before.deed)
    return step.deed === 'done' ? (action === 'disable' ? 'Key disabled' : 'Key set to Read Only') : deedSteps[step.deed];
  if (before !== undefined && step.state !== before.state) return stateNames[step.state];
  if (step.by === 'watch') return 'Found again';
  return step.note === null ? stateNames[step.state] : 'Comment';
}
