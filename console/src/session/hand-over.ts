import { isSession, type Session } from './session-view.ts';

/** The channel reaches all tabs of this origin. It does not reach pages of other origins and frames in other sites. */
const CHANNEL = 'webhook-fanout:session';

/** A link that was opened in a new tab longer ago did not open the requesting tab. In milliseconds. */
const OPENED_MS = 30_000;

type Message =
  | { readonly type: 'ask'; readonly id: string; readonly address: string }
  | { readonly type: 'answer'; readonly id: string; readonly session: Session; readonly opened: boolean }
  | { readonly type: 'signed-out'; readonly sessionId: string };

export interface HandOver {
  /** Called when a link is opened in another tab. */
  noteOpened(address: string): void;
  /**
   * The session of the tab that opened this one. Undefined when no tab answers, or when several tabs with sessions of
   * different accounts or persons answer and none of them opened this one.
   */
  ask(address: string): Promise<Session | undefined>;
  /** Informs the other tabs that the session ended. */
  announceSignOut(sessionId: string): void;
  close(): void;
}

interface HandOverInput {
  /** The session of this tab, if there is one. */
  readonly current: () => Session | undefined;
  readonly onSignOut: (sessionId: string) => void;
  readonly now: () => number;
  /** Resolves when other tabs have had enough time to answer. */
  readonly waitForAnswers: () => Promise<void>;
  readonly newId: () => string;
}

/** Sends the session to new tabs: a tab that is opened by a click with Ctrl has an empty `sessionStorage`. */
export function openHandOver({ current, onSignOut, now, waitForAnswers, newId }: HandOverInput): HandOver {
  const channel = new BroadcastChannel(CHANNEL);
  const openedAt = new Map<string, number>();
  const asked = new Map<string, (answer: Extract<Message, { type: 'answer' }>) => void>();

  const send = (message: Message): void => channel.postMessage(message);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'signed-out') onSignOut(data.sessionId);
    if (data.type === 'answer' && isSession(data.session)) asked.get(data.id)?.(data);
    if (data.type === 'ask') {
      const session = current();
      const opened = now() - (openedAt.get(data.address) ?? -OPENED_MS) < OPENED_MS;
      if (session !== undefined) send({ type: 'answer', id: data.id, session, opened });
    }
  });

  return {
    noteOpened: (address) => void openedAt.set(address, now()),
    ask: (address) =>
      new Promise((resolve) => {
        const id = newId();
        const answers: Session[] = [];
        const end = (session: Session | undefined): void => {
          asked.delete(id);
          resolve(session);
        };
        asked.set(id, ({ session, opened }) => {
          if (opened) end(session);
          else answers.push(session);
        });
        send({ type: 'ask', id, address });
        void waitForAnswers().then(() => end(sessionOfOnePerson(answers)));
      }),
    announceSignOut: (sessionId) => send({ type: 'signed-out', sessionId }),
    close: () => channel.close(),
  };
}

/** The first of these sessions, when all have the same account, right and person. */
function sessionOfOnePerson(sessions: readonly Session[]): Session | undefined {
  const [first, ...others] = sessions;
  const isSame = (other: Session): boolean =>
    other.account_id === first?.account_id && other.right === first.right && other.actor === first.actor;
  return others.every(isSame) ? first : undefined;
}
