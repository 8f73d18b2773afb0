// gate.ts - the two questions that a call may have to wait for: who are you, and is it still you?
//
// A call that the API refuses for want of a session, or of a fresh proof, is not lost. It waits here until somebody has
// answered the question in the dialog that listens (shell/questions.tsx), and is then sent once more.

/** sign_in: nobody is known any more. locked_out: too many proofs did not hold, and the session ended. step_up_required: a one-time password is wanted. sign_in_again: the password is. */
export type Question = 'sign_in' | 'locked_out' | 'step_up_required' | 'sign_in_again';
type Listener = () => void;

let open: Question | null = null;
let answered: PromiseWithResolvers<boolean> | null = null;
const listeners = new Set<Listener>();

function set(question: Question | null) {
  open = question;
  for (const listener of listeners) listener();
}

/** Whether there is no session behind a question any more. */
export function endsSession(question: Question): boolean {
  return question === 'sign_in' || question === 'locked_out';
}

/** Resolves to true once it was answered, to false when the person gave up. There is one question at a time; all calls share it. */
export function ask(question: Question): Promise<boolean> {
  answered ??= Promise.withResolvers<boolean>();
  if (open === null || (endsSession(question) && !endsSession(open))) set(question);
  return answered.promise;
}

/** The question that is open; null when there is none. */
export function openQuestion(): Question | null {
  return open;
}

export function answer(done: boolean) {
  const waiting = answered;
  answered = null;
  set(null);
  waiting?.resolve(done);
}

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
