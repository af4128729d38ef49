import type { ReceivedMessage, SqsEngine } from './engine.ts';

/**
 * Receives again whenever a message arrives or falls due, until there is one, the time is up or the caller
 * has gone. Real timers live here alone; the engine has none.
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
      signal?.removeEventListener('abort', giveUp);
      resolve(messages);
    };
    const giveUp = (): void => finish([]);
    const look = (): void => {
      try {
        // A caller that has gone must not take a message with it.
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
      if (dueAt !== undefined) dueTimer = setTimeout(look, Math.max(1, dueAt - engine.now()));
    };
    // Not in the listener itself: the call that brings a message must not be what receives it.
    const stopListening = engine.onArrival(queueArn, () => queueMicrotask(look));
    const deadline = setTimeout(giveUp, waitMs);
    signal?.addEventListener('abort', giveUp);
    watchForDue();
  });
}
