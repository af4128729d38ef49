import * as z from 'zod/mini';
import { parseDateTime } from '../../shared/domain/date-time.ts';
import { EXAMPLE_TIME } from './examples.ts';

/** A time in a response, from milliseconds since 1970: ISO 8601, UTC. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Longer texts are not quoted. */
const MAX_TIME_CHARACTERS = 64;

/** A field of a query or a body. */
export function timeField(description: string) {
  return z
    .string()
    .check(
      z.maxLength(MAX_TIME_CHARACTERS),
      z.refine((text) => parseDateTime(text) !== undefined, {
        error: `must be an RFC 3339 date-time such as ${EXAMPLE_TIME}; in a query, write the "+" of an offset as %2B`,
      }),
    )
    .register(z.globalRegistry, { description, format: 'date-time', examples: [EXAMPLE_TIME] });
}

/** The milliseconds since 1970 of a value of `timeField`; 0 for an earlier time. */
export function millisecondsOf(text: string): number;
export function millisecondsOf(text: string | undefined): number | undefined;
export function millisecondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.max(0, Date.parse(parseDateTime(text) ?? text));
}
