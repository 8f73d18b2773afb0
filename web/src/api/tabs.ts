// tabs.ts - what the open tabs tell each other about the session: a word, never a secret.

/** out: somebody signed out. changed: there is a new session, or the old one goes on under another cookie. */
export type Word = 'out' | 'changed';

const channel = new BroadcastChannel('keyward');

export function tellOthers(word: Word) {
  channel.postMessage(word);
}

export function onWord(listener: (word: Word) => void): () => void {
  const hear = (event: MessageEvent) => {
    if (event.data === 'out' || event.data === 'changed') listener(event.data);
  };
  channel.addEventListener('message', hear);
  return () => channel.removeEventListener('message', hear);
}
