import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';

/** A function returns this long before Lambda would stop it, so that it can return its unfinished messages. */
const RESERVE_MS = 5_000;

/** When the function must return, in milliseconds since 1970. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>, clock: Clock): number {
  return clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
}
