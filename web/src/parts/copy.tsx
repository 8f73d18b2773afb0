// copy.tsx - text to be taken along: shown in full, copied by one press, and said so.
import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import classes from './copy.module.css';

type ButtonOptions = ButtonProps & { text: string; what?: string; onCopied?: () => void };

/** `what` is what a screen reader hears behind "Copy". `onCopied` is called when the browser has copied, which it may refuse to. */
export function CopyButton({ text, what, onCopied, ...rest }: ButtonOptions) {
  const clipboard = useClipboard({ timeout: 2000 });
  const told = useRef(onCopied);
  told.current = onCopied;
  useEffect(() => {
    if (clipboard.copied) told.current?.();
  }, [clipboard.copied]);
  const verb = clipboard.copied ? 'Copied' : clipboard.error === null ? 'Copy' : 'Not copied: select';
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={clipboard.copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
      onClick={() => clipboard.copy(text)}
      aria-label={what === undefined ? undefined : `${verb} ${what}`}
      {...rest}
    >
      {clipboard.error !== null && !clipboard.copied ? `${verb} it` : verb}
    </Button>
  );
}

/** Lines of code, with their button. `wraps`: one long line, which is to be seen whole. */
export function CodeBlock({ text, what, onCopied, wraps = false }: { text: string; what: string; onCopied?: () => void; wraps?: boolean }) {
  return (
    <div className={classes.block}>
      <pre className={classes.code} data-wraps={wraps || undefined} tabIndex={0} aria-label={what}>{text}</pre>
      <CopyButton text={text} what={what} onCopied={onCopied} className={classes.button} />
    </div>
  );
}
