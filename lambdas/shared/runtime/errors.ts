import { stackFrames } from './stack-frames.ts';

/** Errors that JavaScript itself throws. Their messages can contain values, such as a part of invalid JSON. */
const JAVASCRIPT_ERRORS: ReadonlySet<string> = new Set([
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** The fields of a log line about an error. */
export interface ErrorFields {
  readonly why: string;
  /** Positions in the source, innermost first. Present for errors of this code, absent for errors of AWS services. */
  readonly stack?: readonly string[];
}

/** The name and, unless it can contain a secret, the message of an error. Never its stack or other fields. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  return message === '' || JAVASCRIPT_ERRORS.has(name) ? name : `${name}: ${message}`;
}

/**
 * The fields that are logged of an error: its description and, when it is not the error of an AWS service, where it was
 * created.
 */
export function errorFields(error: unknown): ErrorFields {
  const why = describeError(error);
  return error instanceof Error && isOwnError(error) ? { why, stack: stackFrames(error) } : { why };
}

/** AWS's exceptions have names of their own. The SDK adds `$metadata` to every error of a request. */
function isOwnError(error: Error): boolean {
  return (error.name === 'Error' || JAVASCRIPT_ERRORS.has(error.name)) && !('$metadata' in error);
}

export function isAwsError(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
