// tag.tsx - a state in a word, with a sign that is not its colour alone: filled, open, or a dash.
import type { ReactNode } from 'react';
import classes from './tag.module.css';

export function Tag({ tone, children }: { tone: 'good' | 'open' | 'over'; children: ReactNode }) {
  return <span className={classes.tag} data-tone={tone}>{children}</span>;
}
