// codes.tsx - the recovery codes, shown once: to be copied, printed or written down.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { useKeeping } from '../parts/hold';
import classes from './codes.module.css';

/** Whoever closes it without having copied or printed is asked once. */
export function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { isWarned, keep, leave } = useKeeping(false, onClose);
  const print = () => {
    window.print();
    keep();
  };
  return (
    <Dialog onClose={leave} title={<Text fw={600}>Your recovery codes</Text>} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Text>Each of these works once in the place of your phone. They are not shown again: print them, or keep them where your phone is not.</Text>
        <ol className={classes.codes} aria-label="Recovery codes" onCopy={keep}>{codes.map((code) => <li key={code}>{code}</li>)}</ol>
        <Group gap="sm">
          <CopyButton text={codes.join('\n')} what="all recovery codes" onCopied={keep} />
          <Button variant="default" size="compact-sm" onClick={print}>Print</Button>
        </Group>
        {isWarned && <Alert color="ochre" title="The codes have not been copied or printed" role="alert">If you wrote them down, you may go on. Without them, a lost phone locks you out.</Alert>}
        <Group justify="flex-end">{isWarned ? <Button variant="default" onClick={onClose}>I have written them down</Button> : <Button onClick={leave}>Done</Button>}</Group>
      </Stack>
    </Dialog>
  );
}
