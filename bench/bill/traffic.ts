/** A month's traffic. */
export interface Traffic {
  readonly events: number;
  /** Matching webhooks of an event. */
  readonly fanOut: number;
  /** The size of an event's `data`. */
  readonly payloadBytes: number;
  /** Response time of the endpoints. */
  readonly receiverMs: number;
  /** The number of failed first attempts, and then that of each retry in turn. */
  readonly failedAttempts: readonly number[];
}

/**
 * How many messages a function receives at once, on average: 1 to 10. At low traffic, a batch has one event, or the
 * deliveries of one event: Lambda's pollers receive a message as soon as it is in the queue.
 */
export interface Batches {
  readonly events: number;
  /** Events that one ReceiveMessage returns. Default: as many as one invocation has. */
  readonly eventsOfReceive?: number;
  readonly deliveries: number;
  readonly retries: number;
}

export const FULL_BATCHES: Batches = { events: 10, deliveries: 10, retries: 10 };

/** Every event is received alone, and its deliveries together. Retries arrive alone. */
export function thinBatches(fanOut: number): Batches {
  return { events: 1, deliveries: Math.min(10, fanOut), retries: 1 };
}

/** The days of a month in a bill. */
export const DAYS_A_MONTH = 30;

/** Events a second, when a month's events are evenly distributed. */
export function eventsPerSecond(eventsOfMonth: number): number {
  return eventsOfMonth / (DAYS_A_MONTH * 24 * 60 * 60);
}

/**
 * Like `thinBatches`, but with `eventBatchingWindow`: an invocation has the first event and all events that arrive
 * within the window after it. Each event is received alone.
 */
export function windowBatches(fanOut: number, perSecond: number, windowSeconds: number): Batches {
  const events = Math.min(10, 1 + perSecond * windowSeconds);
  return { events, eventsOfReceive: 1, deliveries: Math.min(10, events * fanOut), retries: 1 };
}

/** @param failureRate the share of the attempts that fail, 0 to 1, whichever attempt it is */
export function failuresOf(deliveries: number, failureRate: number, maxAttempts = 4): number[] {
  return Array.from({ length: maxAttempts }, (_, index) => deliveries * failureRate ** (index + 1));
}
