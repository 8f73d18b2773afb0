// copy.tsx - text to be taken along: shown in full, copied by one press, and said so.
import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './copy.module.css';

type ButtonOptions = ButtonProps & { text: string; what?: string; onCopied?: () => void };

/** `what` is what a screen reader hears behind "Copy". */
export function CopyButton({ text, what, onCopied, ...rest }: ButtonOptions) {
  const clipboard = useClipboard({ timeout: 2000 });
  const copy = () => {
    clipboard.copy(text);
    onCopied?.();
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={clipboard.copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
      onClick={copy}
      aria-label={what === undefined ? undefined : `${clipboard.copied ? 'Copied' : 'Copy'} ${what}`}
      {...rest}
    >
      {clipboard.copied ? 'Copied' : 'Copy'}
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
