import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SCREENS } from '../screens/index.ts';
import { sessionState } from '../session/session.ts';
import { SHELL } from '../texts/shell.ts';
import { CrashGuard } from './fallbacks.tsx';
import { Header } from './header.tsx';
import { operators } from './operators.ts';
import { LocationProvider, useLocation } from './router.tsx';
import { Screen } from './screen.tsx';
import { SignIn } from './sign-in.tsx';

export function App() {
  // What is shown depends on the session. The first report has the same value and causes no second rendering.
  const [, show] = useState(sessionState.value);
  useLayoutEffect(() => sessionState.watch(show), []);
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

  // Not at the start: the browser sets the focus of a page that opens.
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);

  const OfOperators = operators()?.Main;
  const screen = <Screen path={path} screens={SCREENS} />;
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {isSignedIn || OfOperators ? (
        <CrashGuard key={path}>
          {OfOperators ? <OfOperators path={path}>{screen}</OfOperators> : screen}
        </CrashGuard>
      ) : (
        <SignIn />
      )}
    </main>
  );
}
