import { begin, currentSession } from '../session/session.ts';
import type { Session } from '../session/session-view.ts';

/**
 * The server of the command accepts its token with every call and, after a dot, the chosen account. A session of the console
 * holds both, so that it is kept at a reload and handed to new tabs like that of a customer.
 */
export function signInByFragment(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const token = parameters.get('operator');
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  begin(sessionOf(token, '', parameters.get('read_only') === '1' ? 'read' : 'write'));
}

/** Calls of the API are made for this account from now on. Empty: for none. */
export function chooseAccount(accountId: string): void {
  const session = currentSession();
  if (session === undefined || session.account_id === accountId) return;
  const [token = ''] = session.token.split('.');
  begin(sessionOf(token, accountId, session.right));
}

function sessionOf(token: string, accountId: string, right: Session['right']): Session {
  return {
    id: `operator-${accountId}`,
    kind: 'session',
    account_id: accountId,
    token: accountId === '' ? token : `${token}.${accountId}`,
    right,
    actor: 'operator',
    expires_at: null,
    return_url: null,
  };
}
