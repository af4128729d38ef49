import * as z from 'zod/mini';

export const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 50;

/** Cursors have about 60 characters, up to 108 with the longest ids. */
const MAX_CURSOR_CHARACTERS = 256;

/** `Number` alone would also accept `0x10` and `1e1`. */
const DECIMAL = /^[0-9]{1,9}$/;

/** The query of a list. Its values are text. */
export function pageQuery() {
  const limit = z.pipe(
    z.string().check(z.regex(DECIMAL, { error: `must be a whole number from 1 to ${MAX_PAGE_SIZE}` })),
    z.transform(Number),
  );
  return {
    limit: z
      ._default(z.pipe(limit, z.int().check(z.minimum(1), z.maximum(MAX_PAGE_SIZE))), DEFAULT_PAGE_SIZE)
      .register(z.globalRegistry, { description: 'The largest number of entries in the page.' }),
    cursor: z
      .optional(z.string().check(z.maxLength(MAX_CURSOR_CHARACTERS)))
      .register(z.globalRegistry, { description: '`next_cursor` of the previous page.' }),
  };
}
