type Parameters = Record<string, unknown>;
type Listener = (parameters: Parameters) => void;

/** A session of Node's inspector protocol: of the main thread, or of a worker thread. */
export interface DebuggerSession {
  /** Throws with the inspector's message if the command fails. */
  send(method: string, parameters?: Parameters): Promise<Parameters>;
  on(event: string, listener: Listener): void;
}

export interface DebuggerClient extends DebuggerSession {
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Parameters;
  readonly result?: Parameters;
  readonly error?: { readonly message: string };
}

/** Attaches to Node's inspector, as a debugger does. `url`: `ws://…`. */
export async function attachDebugger(url: string): Promise<DebuggerClient> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`cannot connect to ${url}`)));
  });
  const { session, receive } = createSession((text) => socket.send(text));
  socket.addEventListener('message', ({ data }) => receive(String(data)));
  return { ...session, close: () => socket.close() };
}

/**
 * Calls back with a session for each worker thread, before the thread runs any code. The thread continues after
 * `Runtime.runIfWaitingForDebugger`, and pauses at its first line if the debugger is enabled.
 */
export async function attachToWorkers(
  main: DebuggerSession,
  onWorker: (session: DebuggerSession) => void,
): Promise<void> {
  const receivers = new Map<unknown, (text: string) => void>();
  main.on('NodeWorker.attachedToWorker', ({ sessionId }) => {
    const { session, receive } = createSession((message) => {
      void main.send('NodeWorker.sendMessageToWorker', { sessionId, message });
    });
    receivers.set(sessionId, receive);
    onWorker(session);
  });
  main.on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }) => {
    receivers.get(sessionId)?.(String(message));
  });
  await main.send('NodeWorker.enable', { waitForDebuggerOnStart: true });
}

function createSession(sendText: (text: string) => void) {
  const pending = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, Listener[]>();
  let lastId = 0;
  const session: DebuggerSession = {
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        pending.set(id, ({ result = {}, error }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(`${method}: ${error.message}`));
        });
        sendText(JSON.stringify({ id, method, params }));
      }),
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
  };
  const receive = (text: string): void => {
    const message: Message = JSON.parse(text);
    if (message.id !== undefined) pending.get(message.id)?.(message);
    for (const listener of listeners.get(message.method ?? '') ?? []) listener(message.params ?? {});
  };
  return { session, receive };
}
