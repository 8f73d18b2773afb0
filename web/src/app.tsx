// app.tsx - the dashboard: the look, the questions to the API, and whom it is shown to.
import { Center, Loader, MantineProvider, type MantineColorSchemeManager } from '@mantine/core';
import { notifyManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { Route, Switch, useLocation } from 'wouter';
import { watchPresence } from './api/presence';
import { Refusal } from './api/problem';
import { SessionOf, sessionQuery, useOtherTabs } from './api/session';
import { Failed } from './parts/states';
import { Ending } from './shell/ending';
import { Frame } from './shell/frame';
import { Mishap } from './shell/mishap';
import { Questions } from './shell/questions';
import { Routes } from './shell/routes';
import { AcceptPage } from './sign-in/accept';
import { Door } from './sign-in/door';
import { ForgotPage, SignInPage } from './sign-in/pages';
import { theme, variables } from './theme';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

/* A dialog locks the scrolling by a style element that a library of Mantine's makes, which looks here for the nonce. */
Object.assign(globalThis, { __webpack_nonce__: nonce });

/* Light or dark is the system's to say: nothing is kept in the browser's storage. */
const systemScheme: MantineColorSchemeManager = {
  get: () => 'auto',
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

/* A refusal is not asked for again: it would be refused again. 503 is the server's "not now". */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, thrown) => failures < 2 && !(thrown instanceof Refusal && thrown.status !== 503),
    },
    mutations: { networkMode: 'always', gcTime: 0 }, /* what was sent and answered is kept no longer than its form is there */
  },
});

watchPresence();

/* A button that was pressed is shown as busy before it can be pressed again: the second of two clicks sends nothing. */
notifyManager.setScheduler(queueMicrotask);

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} colorSchemeManager={systemScheme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <Switch>
          <Route path="/accept" component={AcceptPage} />
          <Route component={Inside} />
        </Switch>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/* Whoever is not signed in is asked to at the address that he came to, and then sees what is there. */
function Inside() {
  const session = useQuery(sessionQuery);
  const [location] = useLocation();
  useOtherTabs();
  if (session.data === undefined && session.error !== null)
    return <Door title="Keyward cannot be reached"><Failed error={session.error} retry={() => void session.refetch()} /></Door>;
  if (session.data === undefined) return <Center h="100dvh"><Loader aria-label="Loading" /></Center>;
  if (session.data === null) return location === '/forgot' ? <ForgotPage /> : <SignInPage />;
  return (
    <SessionOf value={session.data}>
      <Questions />
      <Ending />
      <Frame key={session.data.member.id}>
        <Mishap key={location}>
          <Routes />
        </Mishap>
      </Frame>
    </SessionOf>
  );
}
