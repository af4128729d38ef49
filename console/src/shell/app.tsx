import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { SCREENS } from '../screens/index.ts';
import { sessionState } from '../session/session.ts';
import { SHELL } from '../texts/shell.ts';
import { CrashGuard, NotFound } from './fallbacks.tsx';
import { Header } from './header.tsx';
import { matchPath } from './match-path.ts';
import { LocationProvider, ParametersContext, useLocation } from './router.tsx';
import { SignIn } from './sign-in.tsx';

export function App() {
  // What is shown depends on the session.
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  useLayoutEffect(() => sessionState.watch(() => render()), []);
  return (
    <LocationProvider>
      <a class="skip" href="#main">
        {SHELL.skip}
      </a>
      <Header />
      <Main />
    </LocationProvider>
  );
}

function Main() {
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const isSignedIn = sessionState.value.kind === 'active';

  // Not at the start: a page that opens has the focus where the browser puts it.
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);

  return (
    <main id="main" tabIndex={-1} ref={main}>
      {isSignedIn ? (
        <CrashGuard key={path}>
          <Screen path={path} />
        </CrashGuard>
      ) : (
        <SignIn />
      )}
    </main>
  );
}

function Screen({ path }: { path: string }) {
  for (const { path: pattern, component: Component } of SCREENS) {
    const parameters = matchPath(path, pattern);
    if (parameters === undefined) continue;
    return (
      <ParametersContext.Provider value={parameters}>
        <Component />
      </ParametersContext.Provider>
    );
  }
  return <NotFound />;
}
