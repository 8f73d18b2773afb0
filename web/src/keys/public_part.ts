// public_part.ts - what of a pasted text may be shown, sent and put into an address: of a whole key its public part alone.

const WHOLE = /([a-z][a-z0-9]{1,9}_[a-z]{2,8}_[0-9A-Za-z]{14})_\S*/g;
const SECRET = /[0-9A-Za-z]{40,}/g;

/** "mk_test_<id>_<secret>" becomes "mk_test_<id>"; what looks like a secret alone is left out. */
export function publicPart(text: string): string {
  return text.replace(WHOLE, '$1').replace(SECRET, '');
}
