import { parseArgs } from 'node:util';

/** The numeric options of a benchmark, by name. */
export type NumberOptions = Readonly<Record<string, readonly [defaultValue: number, help: string]>>;

export type Options<Numbers extends NumberOptions> =
  | 'help'
  | { readonly numbers: Readonly<Record<keyof Numbers, number>>; readonly json: boolean };

/** Throws on an unknown option and on an invalid value. The message states what is allowed. */
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
    Object.entries(definitions).map(([name, [defaultValue]]) => [
      name,
      readNumber(name, given.get(name), defaultValue),
    ]),
  );
  return { numbers: numbers as Record<keyof Numbers, number>, json: values.json === true };
}

export function optionsHelp(definitions: NumberOptions): string {
  const lines = Object.entries(definitions).map(
    ([name, [defaultValue, help]]) => `  --${name.padEnd(18)}${help} (${defaultValue})`,
  );
  return [...lines, '  --json              all figures, as JSON'].join('\n');
}

function readNumber(name: string, text: unknown, defaultValue: number): number {
  if (text === undefined) return defaultValue;
  const number = Number(text);
  if (text !== '' && number >= 0) return number;
  throw new Error(`--${name} is "${text}"; expected: a number from 0.`);
}
