import { useEffect, useRef } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { SCREENS } from '../screens/index.ts';
import { sessionState } from '../session/session.ts';
import { SHELL } from '../texts/shell.ts';
import { CrashGuard, NotFound } from './fallbacks.tsx';
import { Header } from './header.tsx';
import { operators } from './operators.ts';
import { SignIn } from './sign-in.tsx';

export function App() {
  return (
    <LocationProvider scope="/console/">
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

  const screens = (
    <Router>
      {SCREENS.map(({ path: pattern, component }) => (
        <Route key={pattern} path={pattern} component={component} />
      ))}
      <Route default component={NotFound} />
    </Router>
  );
  const OfOperators = operators.value?.Main;
  const signedIn = OfOperators ? <OfOperators path={path}>{screens}</OfOperators> : screens;
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {isSignedIn || OfOperators ? <CrashGuard key={path}>{signedIn}</CrashGuard> : <SignIn />}
    </main>
  );
}
