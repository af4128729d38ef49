import * as z from 'zod';

export const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 50;

/** Cursors have about 60 characters, up to 108 with the longest ids. */
const MAX_CURSOR_CHARACTERS = 256;

/** `Number` alone would also accept `0x10` and `1e1`. */
const DECIMAL = /^[0-9]{1,9}$/;

/** The query of a list. Its values are text. */
export const pageQuerySchema = z.strictObject({
  limit: z
    .string()
    .regex(DECIMAL, { error: `must be a whole number from 1 to ${MAX_PAGE_SIZE}` })
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_PAGE_SIZE))
    .default(DEFAULT_PAGE_SIZE)
    .meta({ description: 'The largest number of entries in the page.' }),
  cursor: z
    .string()
    .max(MAX_CURSOR_CHARACTERS)
    .optional()
    .meta({ description: '`next_cursor` of the previous page.' }),
});

/** A field of a response with a page. */
export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: 'Send it as `cursor` for the next page; null on the last page.' });
