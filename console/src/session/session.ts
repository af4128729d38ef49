import { ApiProblem } from '../api/problem.ts';
import { openHandOver } from './hand-over.ts';
import { exchange, revoke } from './requests.ts';
import { isOver, parseSession, type Session } from './session-view.ts';
import { tabStorage as storage } from './tab-storage.ts';
import { createWatched } from './watched.ts';

type SessionState =
  /** Another tab is asked, or a code is exchanged. */
  | { readonly kind: 'starting' }
  /** The person must confirm that the code is exchanged. */
  | { readonly kind: 'confirm'; readonly code: string; readonly problem?: ApiProblem }
  | { readonly kind: 'active'; readonly session: Session }
  /** The person must sign in. The address stays, so that its screen is shown then. */
  | {
      readonly kind: 'none';
      readonly why: 'first' | 'refused' | EndReason;
      readonly problem?: ApiProblem;
      readonly returnUrl: string | undefined;
    };

/** `ended`: expired, or revoked, or its API key was. */
type EndReason = 'ended' | 'signed-out';

const SESSION_KEY = 'webhook-fanout:session';
/** The account and the address of the screen that was shown when the session ended. */
const ADDRESS_KEY = 'webhook-fanout:place';
/** How long a new tab waits for an answer of another tab, in milliseconds. Tabs answer within some milliseconds. */
const ANSWER_MS = 300;
/** The longest delay of a timer. Sessions are shorter, and API keys may be valid for years. */
const MAX_TIMER_MS = 2 ** 31 - 1;

let endTimer: ReturnType<typeof setTimeout> | undefined;

export const sessionState = createWatched<SessionState>({ kind: 'starting' });

const handOver = openHandOver({
  current: currentSession,
  onSignOut: (id) => {
    if (currentSession()?.id === id) forget('signed-out');
  },
  now: Date.now,
  waitForAnswers: () => new Promise((resolve) => setTimeout(resolve, ANSWER_MS)),
  newId: () => String(Math.random()),
});

export const noteOpened = handOver.noteOpened;

export function currentSession(): Session | undefined {
  return sessionState.value.kind === 'active' ? sessionState.value.session : undefined;
}

export function currentToken(): string | undefined {
  return currentSession()?.token;
}

/** Whether calls that change or send something are refused. */
export function isReadOnly(): boolean {
  return currentSession()?.right === 'read';
}

/** Signs in by the code of a link, by the session of this tab, or by that of another tab. */
export async function startSession({
  code,
  confirm,
}: {
  code: string | undefined;
  confirm: boolean;
}): Promise<void> {
  if (code !== undefined) {
    if (confirm) sessionState.value = { kind: 'confirm', code };
    else await exchangeCode(code);
    return;
  }
  const stored = parseSession(storage.getItem(SESSION_KEY) ?? '');
  const session = stored ?? (await handOver.ask(location.pathname));
  if (session === undefined) sessionState.value = { kind: 'none', why: 'first', returnUrl: undefined };
  else if (isOver(session, Date.now())) end('ended', session);
  else begin(session);
}

export async function exchangeCode(code: string): Promise<void> {
  sessionState.value = { kind: 'starting' };
  storage.removeItem(SESSION_KEY);
  try {
    begin(await exchange({ code }));
    restoreAddress();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const isRefused = error.status >= 400 && error.status < 500 && error.status !== 429;
    sessionState.value = isRefused
      ? { kind: 'none', why: 'refused', problem: error, returnUrl: error.returnUrl }
      : { kind: 'confirm', code, problem: error };
  }
}

/** The key is sent once and is not kept. Throws `ApiProblem` when it is refused. */
export async function signInWithKey(apiKey: string): Promise<void> {
  begin(await exchange({ api_key: apiKey }));
}

/** Ends the session for the API and for all tabs. Throws `ApiProblem` when the API did not end it. */
export async function signOut(): Promise<void> {
  const session = currentSession();
  if (session === undefined) return;
  await revoke(session.token).catch((error: unknown) => {
    // The session is over already.
    if (!(error instanceof ApiProblem && error.status === 401)) throw error;
  });
  handOver.announceSignOut(session.id);
  forget('signed-out');
}

/** Called when the API answers that the session has ended, or when its time is over. */
export function endSession(reason: EndReason): void {
  const session = currentSession();
  if (session !== undefined) end(reason, session);
}

/** Begins a session that needs no exchange. */
export function begin(session: Session): void {
  storage.setItem(SESSION_KEY, JSON.stringify(session));
  sessionState.value = { kind: 'active', session };
  watchEnd();
}

function watchEnd(): void {
  clearTimeout(endTimer);
  const session = currentSession();
  if (session?.expires_at == null) return;
  const restMs = Date.parse(session.expires_at) - Date.now();
  if (restMs <= 0) end('ended', session);
  else endTimer = setTimeout(watchEnd, Math.min(restMs, MAX_TIMER_MS));
}

function end(reason: EndReason, session: Session): void {
  storage.setItem(ADDRESS_KEY, JSON.stringify([session.account_id, location.pathname + location.search]));
  forget(reason, session.return_url ?? undefined);
}

function forget(why: EndReason, returnUrl = currentSession()?.return_url ?? undefined): void {
  clearTimeout(endTimer);
  storage.removeItem(SESSION_KEY);
  if (why === 'signed-out') storage.removeItem(ADDRESS_KEY);
  sessionState.value = { kind: 'none', why, returnUrl };
}

/** Shows the screen that was shown when the former session of the same account ended. */
function restoreAddress(): void {
  const saved = parseSavedAddress(storage.getItem(ADDRESS_KEY));
  storage.removeItem(ADDRESS_KEY);
  if (saved === undefined || saved[0] !== currentSession()?.account_id) return;
  history.replaceState(null, '', saved[1]);
  dispatchEvent(new PopStateEvent('popstate'));
}

function parseSavedAddress(text: string | null): [account: string, address: string] | undefined {
  const saved: unknown = JSON.parse(text ?? 'null');
  if (!Array.isArray(saved)) return undefined;
  const [account, address] = saved.map(String);
  return account !== undefined && address?.startsWith('/console/') ? [account, address] : undefined;
}
