import * as z from 'zod';

/** A field of a response with a page. */
export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: 'Send it as `cursor` for the next page; null on the last page.' });
