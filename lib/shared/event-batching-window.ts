import { Duration } from 'aws-cdk-lib/core';
import { readSeconds } from './duration.ts';
import { isWholeNumber } from './input.ts';

/** Seconds. At one event a second, a batch of ten is full by then; Lambda would accept 300. */
const MAX_WINDOW_SECONDS = 10;

export const EVENT_BATCHING_WINDOW_RULE = `whole seconds from 0 to ${MAX_WINDOW_SECONDS}`;

/** Whether the value is a valid batching window in seconds. */
export function isEventBatchingWindow(seconds: unknown): seconds is number {
  return isWholeNumber(seconds, 0, MAX_WINDOW_SECONDS);
}

/** The given window. Throws when it is not valid. */
export function readEventBatchingWindow(given: Duration | undefined): Duration | undefined {
  if (given === undefined) return undefined;
  const expected = `${EVENT_BATCHING_WINDOW_RULE}, such as Duration.seconds(1).`;
  return Duration.seconds(readSeconds('eventBatchingWindow', given, isEventBatchingWindow, expected));
}
