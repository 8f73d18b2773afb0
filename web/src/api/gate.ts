// gate.ts - the two questions that a call may have to wait for: who are you, and is it still you?
//
// A call that the API refuses for want of a session, or of a fresh proof, is not lost. It waits here until somebody has
// answered the question in the dialog that listens (shell/questions.tsx), and is then sent once more.

export type Question = 'sign_in' | 'step_up_required' | 'sign_in_again';
type Listener = () => void;

let open: { question: Question; answered: Promise<boolean>; answer: (done: boolean) => void } | null = null;
const listeners = new Set<Listener>();

function tell() {
  for (const listener of listeners) listener();
}

/** Resolves to true once it was answered, false when the person gave up. One question at a time; all who wait share it. */
export function ask(question: Question): Promise<boolean> {
  if (open === null) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    open = {
      question,
      answered: promise,
      answer: (done) => {
        open = null;
        tell();
        resolve(done);
      },
    };
    tell();
  }
  return open.answered;
}

/** The question that is open; null when there is none. */
export function openQuestion(): Question | null {
  return open?.question ?? null;
}

export function answer(done: boolean) {
  open?.answer(done);
}

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
