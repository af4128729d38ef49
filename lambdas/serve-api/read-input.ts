import type * as z from 'zod/mini';
import { type InputError, invalidRequest } from './problem.ts';
import type { ApiResponse } from './response.ts';

/** A body of 64 KiB can contain 16,000 errors; the response lists fewer. */
const MAX_ERRORS = 50;
/** Limit for quoted values and for names of unknown fields, which the caller chooses. */
const MAX_QUOTED_CHARACTERS = 64;

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ApiResponse };

/** Validates an input. A refusal lists all errors, at most MAX_ERRORS, not only the first one. */
export function readInput<Schema extends z.ZodMiniObject>(
  schema: Schema,
  input: unknown,
): Read<z.output<Schema>> {
  const result = schema.safeParse(input, { error: explain });
  if (result.success) return { ok: true, value: result.data };
  const known = Object.keys(schema.shape).join(', ');
  const errors = result.error.issues.flatMap((issue) => describeIssue(issue, known));
  if (errors.length <= MAX_ERRORS) return { ok: false, response: invalidRequest(errors) };
  const omitted = { path: '', message: `and ${errors.length - MAX_ERRORS} more` };
  return { ok: false, response: invalidRequest([...errors.slice(0, MAX_ERRORS), omitted]) };
}

/** A message with what was received and what is expected. Undefined: use the message of zod or of the schema. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${withArticle(issue.expected)}, not ${nameOf(issue.input)}`;
    case 'too_big':
      return `${measure(issue.origin, issue.input)}; at most ${issue.maximum} are allowed`;
    case 'too_small':
      return `${measure(issue.origin, issue.input)}; at least ${issue.minimum} are needed`;
    case 'invalid_value':
      return `is ${quote(issue.input)}; use ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}`;
    default:
      return undefined;
  }
}

function measure(origin: string, input: unknown): string {
  if (typeof input === 'string') return `has ${input.length} characters`;
  if (Array.isArray(input)) return `has ${input.length} entries`;
  return `is ${quote(input)}${origin === 'number' ? '' : `, ${withArticle(origin)}`}`;
}

function nameOf(input: unknown): string {
  if (input === null) return 'null';
  return withArticle(Array.isArray(input) ? 'array' : typeof input);
}

function withArticle(name: string): string {
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** A value as JSON; of an object or array, its type. Long text is cut. */
function quote(input: unknown): string {
  if (typeof input === 'string') {
    return JSON.stringify(
      input.length > MAX_QUOTED_CHARACTERS ? `${input.slice(0, MAX_QUOTED_CHARACTERS)}…` : input,
    );
  }
  return typeof input === 'object' && input !== null ? nameOf(input) : String(input);
}

function describeIssue(issue: z.core.$ZodIssue, known: string): InputError[] {
  const path = pathText(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  const message = `is not a known field; known are ${known}`;
  return issue.keys.map((key) => ({ path: key.slice(0, MAX_QUOTED_CHARACTERS), message }));
}

/** `events[1]`; empty for the input as a whole. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
