import type { Duration } from 'aws-cdk-lib/core';
import { InputError, show } from './input.ts';

/** Does not use `instanceof`: the app may have a second copy of aws-cdk-lib, with another class Duration. */
export function isKnownDuration(delay: unknown): delay is Duration {
  if (typeof delay !== 'object' || delay === null) return false;
  if (!('toSeconds' in delay) || !('isUnresolved' in delay)) return false;
  return typeof delay.isUnresolved === 'function' && delay.isUnresolved() === false;
}

/** The seconds of a prop. Throws when they are not accepted. `expected`: the rule and an example, after "a Duration of". */
export function readSeconds(
  name: string,
  given: unknown,
  accepts: (seconds: unknown) => seconds is number,
  expected: string,
): number {
  const seconds = isKnownDuration(given) ? given.toSeconds({ integral: false }) : undefined;
  if (accepts(seconds)) return seconds;
  throw new InputError(
    `${name} is ${seconds === undefined ? show(given) : `${seconds} s`}; expected: a Duration of ${expected}`,
  );
}
