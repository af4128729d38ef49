import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';

/** A function stops this long before Lambda would stop it, and says what it did not finish. */
const RESERVE_MS = 5_000;

/** When to return what is unfinished, in milliseconds since 1970. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>, clock: Clock): number {
  return clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
}
