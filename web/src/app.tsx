// app.tsx - what stands around every page: the look.
import { MantineProvider, type MantineColorSchemeManager } from '@mantine/core';
import { theme, variables } from './theme';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

/** Light or dark is the system's to say: nothing is kept in the browser's storage. */
const systemScheme: MantineColorSchemeManager = {
  get: () => 'auto',
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} colorSchemeManager={systemScheme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      Keyward
    </MantineProvider>
  );
}
