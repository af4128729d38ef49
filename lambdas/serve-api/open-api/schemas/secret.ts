import * as z from 'zod';
import { EXAMPLE_SECRET } from '../../schemas/examples.ts';

/** A signing secret in the one answer that contains it. `prefix` begins its description, and ends with a space. */
export function secretShownOnce(prefix = '') {
  return z
    .string()
    .optional()
    .meta({
      description: `${prefix}No other response contains it. Absent in the answer to a repeated request with an Idempotency-Key.`,
      examples: [EXAMPLE_SECRET],
    });
}
