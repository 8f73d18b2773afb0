// dialog.tsx - a dialog that is open as long as it is mounted, and gives the focus back to where it took it from.
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** Mantine's own way of giving it back waits for `opened` to change, which for a dialog that is mounted open it never does. */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
  return <Modal opened {...props} />;
}
