import type { ReceivedMessage, SqsEngine } from './engine.ts';

/**
 * Receives again each time a message arrives or becomes visible, until a message is received, the time is over or the
 * caller has closed its connection. It uses real timers; the engine has none.
 */
export async function waitForMessages(
  engine: SqsEngine,
  queueArn: string,
  receive: () => ReceivedMessage[],
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<ReceivedMessage[]> {
  const first = receive();
  if (first.length > 0 || waitMs === 0) return first;

  return new Promise((resolve, reject) => {
    let dueTimer: NodeJS.Timeout | undefined;
    const finish = (messages: ReceivedMessage[]): void => {
      stopListening();
      clearTimeout(dueTimer);
      clearTimeout(deadline);
      signal?.removeEventListener('abort', stopWaiting);
      resolve(messages);
    };
    const stopWaiting = (): void => finish([]);
    const tryReceive = (): void => {
      try {
        // Do not receive a message for a caller that has closed its connection.
        const messages = signal?.aborted ? [] : receive();
        if (messages.length > 0) finish(messages);
        else watchForDue();
      } catch (error) {
        finish([]);
        reject(error);
      }
    };
    const watchForDue = (): void => {
      clearTimeout(dueTimer);
      const dueAt = engine.nextDueAt(queueArn);
      if (dueAt !== undefined) dueTimer = setTimeout(tryReceive, Math.max(1, dueAt - engine.now()));
    };
    // Not in the listener itself: the message must not be received during the call that sends it.
    const stopListening = engine.onArrival(queueArn, () => queueMicrotask(tryReceive));
    const deadline = setTimeout(stopWaiting, waitMs);
    signal?.addEventListener('abort', stopWaiting);
    watchForDue();
  });
}
