import type { Json } from '../local/aws-calls.ts';

/** An SDK command as the in-process client reads it. */
export function command(name: string, input: Json): object {
  return { constructor: { name: `${name}Command` }, input };
}
