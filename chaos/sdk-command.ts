import type { Json } from '../local/aws-calls.ts';

/** A command with the fields that the in-process client reads: the name of its class, and its input. */
export function sdkCommand(name: string, input: Json): object {
  return { constructor: { name: `${name}Command` }, input };
}
