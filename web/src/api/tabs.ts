// tabs.ts - what the open tabs tell each other about the session: a word, never a secret.

/** out: somebody signed out. changed: there is a new session, or the old one goes on under another cookie. used: it was used. */
const words = ['out', 'changed', 'used'] as const;
export type Word = (typeof words)[number];

const channel = new BroadcastChannel('keyward');

export function tellOthers(word: Word) {
  channel.postMessage(word);
}

export function onWord(listener: (word: Word) => void): () => void {
  const hear = (event: MessageEvent) => {
    const word = words.find((known) => known === event.data);
    if (word !== undefined) listener(word);
  };
  channel.addEventListener('message', hear);
  return () => channel.removeEventListener('message', hear);
}
