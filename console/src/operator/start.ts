import { setOperators } from '../shell/operators.ts';
import { OPERATOR } from '../texts/operator.ts';
import { Header } from './header.tsx';
import { Main } from './main.tsx';
import { signInByFragment } from './operator-session.ts';

/** Adds the operators' screens, and signs in by the token of the address that the command printed. */
export function start(): void {
  setOperators({ Header, Main, readOnlyReason: OPERATOR.readOnlyReason });
  signInByFragment();
  // The address of another run of the command may be opened in this tab.
  addEventListener('hashchange', signInByFragment);
}
