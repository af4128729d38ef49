import * as z from 'zod';
import { parseDateTime } from '../../shared/domain/date-time.ts';
import { EXAMPLE_TIME } from './examples.ts';

/** A field of a response. */
export const timeSchema = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601, UTC.', examples: [EXAMPLE_TIME] });

/** A value of such a field, from milliseconds since 1970. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Longer texts are not quoted. */
const MAX_TIME_CHARACTERS = 64;

/** A field of a query or a body. */
export function timeField(description: string) {
  return z
    .string()
    .max(MAX_TIME_CHARACTERS)
    .refine((text) => parseDateTime(text) !== undefined, {
      error: `must be an RFC 3339 date-time such as ${EXAMPLE_TIME}; in a query, write the "+" of an offset as %2B`,
    })
    .meta({ description, format: 'date-time', examples: [EXAMPLE_TIME] });
}

/** The milliseconds since 1970 of a value of `timeField`; 0 for an earlier time. */
export function millisecondsOf(text: string): number;
export function millisecondsOf(text: string | undefined): number | undefined;
export function millisecondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.max(0, Date.parse(parseDateTime(text) ?? text));
}
