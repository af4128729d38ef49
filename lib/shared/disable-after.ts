import { DEFAULT_DISABLE_AFTER, type DisableAfter } from '../../lambdas/shared/domain/health.ts';
import { accept, InputError, isRecord, isWholeNumber, type ParseResult, refuse, show } from './input.ts';

const MAX_EXHAUSTED = 1_000;
/** The records of a failing webhook are kept for 30 days by default. */
const MAX_HOURS = 720;

export const DISABLE_AFTER_RULE = `both exhausted, a whole number from 1 to ${MAX_EXHAUSTED}, and hours, a number from 0 to ${MAX_HOURS}`;

/** `false` turns disabling off. */
export function parseDisableAfter(given: unknown): ParseResult<DisableAfter | false> {
  if (given === false) return accept(false);
  if (!isRecord(given)) return refuse(`it is ${show(given)}`);
  const { exhausted, hours, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refuse(`${show(unknown)} is not one of them`);
  if (!isWholeNumber(exhausted, 1, MAX_EXHAUSTED)) return refuse(`exhausted is ${show(exhausted)}`);
  if (typeof hours !== 'number' || !(hours >= 0 && hours <= MAX_HOURS))
    return refuse(`hours is ${show(hours)}`);
  return accept({ exhausted, hours });
}

/** Throws on a value that is not allowed. */
export function readDisableAfter(given: unknown): DisableAfter | false {
  const result = parseDisableAfter(given);
  if (result.ok) return result.value;
  throw new InputError(
    `disableAfter: ${result.problem}; allowed are ${DISABLE_AFTER_RULE}, or false. Leave it out for the default: ${JSON.stringify(DEFAULT_DISABLE_AFTER)}.`,
  );
}
