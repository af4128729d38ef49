import type * as z from 'zod';
import { type InputError, invalidRequest } from './problem.ts';
import type { Reply } from './reply.ts';

/** A body of 64 KiB can hold 16,000 mistakes; an answer need not. */
const MAX_ERRORS = 50;
/** Names of unknown fields are the caller's own text. */
const MAX_NAME_CHARACTERS = 64;

type Input<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: Reply };

/** Holds input against its schema; a refusal names everything that is wrong, not the first thing alone. */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): Input<z.output<Schema>> {
  const result = schema.safeParse(input, {
    error: (issue) =>
      issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : undefined,
  });
  if (result.success) return { ok: true, value: result.data };
  const errors = result.error.issues.flatMap(describeIssue);
  if (errors.length <= MAX_ERRORS) return { ok: false, reply: invalidRequest(errors) };
  const rest = { path: '', message: `and ${errors.length - MAX_ERRORS} more` };
  return { ok: false, reply: invalidRequest([...errors.slice(0, MAX_ERRORS), rest]) };
}

function describeIssue(issue: z.core.$ZodIssue): InputError[] {
  const path = pathText(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: key.slice(0, MAX_NAME_CHARACTERS), message: 'unknown field' }));
}

/** `events[1]`; empty for the input as a whole. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
