import * as z from 'zod';
import { EXAMPLE_TIME } from '../../schemas/examples.ts';

/** A field of a response. */
export const timeSchema = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601, UTC.', examples: [EXAMPLE_TIME] });
