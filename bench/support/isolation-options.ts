import { parseArgs } from 'node:util';

/** Name, default, meaning. */
const NUMBERS = {
  pairs: [3, 'runs with hanging endpoints, each with a clean run beside it'],
  load: [0.7, 'of what a clean run can take'],
  rate: [0, 'events a second, instead of measuring what a clean run can take'],
  environments: [4, 'of each function at once'],
  endpoints: [100, 'a customer, an account and a webhook each'],
  hanging: [5, 'of them, from the onset on'],
  'answer-ms': [500, 'of an endpoint that does not hang'],
  'warm-up': [10, 'seconds before the onset'],
  settle: [60, 'seconds from the onset to what counts'],
  measured: [30, 'seconds that count'],
} as const;
type NumberName = keyof typeof NUMBERS;

export type IsolationOptions = Readonly<Record<NumberName, number>> & { readonly json: boolean };

export const HELP = `npm run bench:isolation -- [options]

Runs the stack on this machine with few execution environments, under load, and lets some of the customers'
endpoints hang: what does it cost the others? About nine minutes; for a first look --pairs 1 --measured 15.

${Object.entries(NUMBERS)
  .map(([name, [initial, help]]) => `  --${name.padEnd(14)}${help} (${initial})`)
  .join('\n')}
  --json          all that was measured, for programs`;

/** Throws on an option or a value that it does not know, and says what is allowed. */
export function readOptions(args: readonly string[]): IsolationOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' } as const])),
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return 'help';
  const given = new Map<string, unknown>(Object.entries(values));
  const read = (name: NumberName): number => readNumber(name, given.get(name));
  return {
    pairs: read('pairs'),
    load: read('load'),
    rate: read('rate'),
    environments: read('environments'),
    endpoints: read('endpoints'),
    hanging: read('hanging'),
    'answer-ms': read('answer-ms'),
    'warm-up': read('warm-up'),
    settle: read('settle'),
    measured: read('measured'),
    json: values.json === true,
  };
}

function readNumber(name: NumberName, text: unknown): number {
  if (text === undefined) return NUMBERS[name][0];
  const number = Number(text);
  if (text !== '' && number >= 0) return number;
  throw new Error(`--${name} is "${text}"; expected is a number from 0.`);
}
