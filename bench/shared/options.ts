import { parseArgs } from 'node:util';

/** The numeric options of a benchmark: name, default, meaning. */
export type NumberOptions = Readonly<Record<string, readonly [initial: number, help: string]>>;

export type Options<Numbers extends NumberOptions> =
  | 'help'
  | { readonly numbers: Readonly<Record<keyof Numbers, number>>; readonly json: boolean };

/** Throws on an option or a value that does not exist, and says what is allowed. */
export function readOptions<const Numbers extends NumberOptions>(
  args: readonly string[],
  definitions: Numbers,
): Options<Numbers> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(Object.keys(definitions).map((name) => [name, { type: 'string' } as const])),
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return 'help';
  const given = new Map<string, unknown>(Object.entries(values));
  const numbers = Object.fromEntries(
    Object.entries(definitions).map(([name, [initial]]) => [
      name,
      readNumber(name, given.get(name), initial),
    ]),
  );
  return { numbers: numbers as Record<keyof Numbers, number>, json: values.json === true };
}

export function optionsHelp(definitions: NumberOptions): string {
  const lines = Object.entries(definitions).map(
    ([name, [initial, help]]) => `  --${name.padEnd(18)}${help} (${initial})`,
  );
  return [...lines, '  --json              all figures, for programs'].join('\n');
}

function readNumber(name: string, text: unknown, initial: number): number {
  if (text === undefined) return initial;
  const number = Number(text);
  if (text !== '' && number >= 0) return number;
  throw new Error(`--${name} is "${text}"; expected is a number from 0.`);
}
