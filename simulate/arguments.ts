import { parseArgs } from 'node:util';
import type { TableStyle } from '../figures/text-table.ts';
import { DEPLOYED, type Parameters, withoutLanes } from './parameters.ts';

export type Task =
  | { readonly do: 'help' }
  | { readonly do: 'tables'; readonly style: TableStyle; readonly writeTo?: string }
  | { readonly do: 'compare'; readonly parameters: Parameters; readonly json: boolean };

type Set = (parameters: Parameters, value: number) => Parameters;

/** Each changes the deployed parameters; any of them asks for one comparison instead of the tables. */
const NUMBERS: Readonly<Record<string, readonly [help: string, set: Set]>> = {
  rate: ['events a second', (p, eventsPerSecond) => ({ ...p, eventsPerSecond })],
  'fan-out': ['webhooks an event goes to', (p, fanOut) => ({ ...p, fanOut })],
  endpoints: ['endpoints in all', (p, endpoints) => ({ ...p, endpoints })],
  hanging: ['percent of them that hang', (p, percent) => ({ ...p, hangingShare: percent / 100 })],
  failing: ['percent of other answers: errors', (p, percent) => ({ ...p, failingShare: percent / 100 })],
  'answer-ms': ['median of an answer', (p, answerMedianMs) => ({ ...p, answerMedianMs })],
  'answer-p99-ms': ['its 99th percentile', (p, answerP99Ms) => ({ ...p, answerP99Ms })],
  'hang-ms': ['until an attempt gives up', (p, hangMs) => ({ ...p, hangMs })],
  concurrency: ['of the first lane', (p, max) => ({ ...p, first: { ...p.first, maxConcurrency: max } })],
  'retry-concurrency': [
    'of each retry queue',
    (p, max) => ({ ...p, retry: { ...p.retry, maxConcurrency: max } }),
  ],
  'slow-concurrency': ['of the slow lane', (p, max) => ({ ...p, slow: { ...p.slow, maxConcurrency: max } })],
  batch: [
    'of the first and retry lanes',
    (p, batchSize) => ({ ...p, first: { ...p.first, batchSize }, retry: { ...p.retry, batchSize } }),
  ],
  'slow-batch': ['of the slow lane', (p, batchSize) => ({ ...p, slow: { ...p.slow, batchSize } })],
  'receive-ms': [
    'of a receive on the first and retry lanes',
    (p, windowMs) => ({ ...p, first: { ...p.first, windowMs }, retry: { ...p.retry, windowMs } }),
  ],
  'fresh-seconds': ['until a first attempt is read up', (p, freshSeconds) => ({ ...p, freshSeconds })],
  'pollers-at-start': ['batches at once', (p, atStart) => ({ ...p, pollers: { ...p.pollers, atStart } })],
  'pollers-per-minute': ['their growth', (p, perMinute) => ({ ...p, pollers: { ...p.pollers, perMinute } })],
  'path-ms': ['from publishing to the first queue', (p, pathMs) => ({ ...p, pathMs })],
  'invocation-ms': ['beside its longest attempt', (p, invocationMs) => ({ ...p, invocationMs })],
  'cold-start-ms': ['of an environment', (p, coldStartMs) => ({ ...p, coldStartMs })],
  'clean-seconds': ['before the onset', (p, cleanSeconds) => ({ ...p, cleanSeconds })],
  'settle-seconds': ['from the onset to what counts', (p, settleSeconds) => ({ ...p, settleSeconds })],
  'measured-seconds': ['that count', (p, measuredSeconds) => ({ ...p, measuredSeconds })],
  seed: ['another draw of the same', (p, seed) => ({ ...p, seed })],
};

/** What a comparison begins with: judged from a minute after the onset. */
const COMPARED: Parameters = { ...DEPLOYED, settleSeconds: 60, measuredSeconds: 120 };

export const HELP = `npm run simulate                                       the tables of docs/scale.md, as text
npm run simulate -- --markdown                         … as markdown
npm run simulate -- --write docs/scale.md              … into that file
npm run simulate -- --rate 200 --endpoints 100 [--json]    one load, over the same without hanging endpoints

${Object.entries(NUMBERS)
  .map(([name, [help]]) => `  --${name.padEnd(20)}${help}`)
  .join('\n')}
  --lanes on|off        off: everything in one queue
  --retry-delays 1,5,30 seconds; "none" for no retries`;

/** Throws on an option or a value that it does not know, and says what is allowed. */
export function readTask(args: readonly string[]): Task {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, text])),
      ...{ lanes: text, 'retry-delays': text, write: text },
      ...{ help: flag, json: flag, markdown: flag },
    },
  });
  const given = new Map(Object.entries(values));
  if (given.has('help')) return { do: 'help' };
  const isLoad = [...given.keys()].some(
    (name) => ['lanes', 'retry-delays'].includes(name) || name in NUMBERS,
  );
  if (isLoad) return { do: 'compare', parameters: readParameters(given), json: given.has('json') };
  const writeTo = given.get('write');
  if (given.has('json'))
    throw new Error('--json needs a load, such as --rate 200; the tables have --markdown.');
  return {
    do: 'tables',
    style: given.has('markdown') ? 'markdown' : 'text',
    ...(typeof writeTo === 'string' ? { writeTo } : {}),
  };
}

function readParameters(given: ReadonlyMap<string, unknown>): Parameters {
  const parameters = Object.entries(NUMBERS).reduce((read, [name, [, set]]) => {
    const text = given.get(name);
    return typeof text === 'string' ? set(read, readNumber(name, text)) : read;
  }, COMPARED);
  const delays = given.get('retry-delays');
  const scheduled = typeof delays === 'string' ? withRetryDelays(parameters, delays) : parameters;
  return isOff(given.get('lanes')) ? withoutLanes(scheduled) : scheduled;
}

function withRetryDelays(parameters: Parameters, text: string): Parameters {
  const retryDelaysSeconds =
    text === 'none' ? [] : text.split(',').map((part) => readNumber('retry-delays', part));
  return { ...parameters, retryDelaysSeconds };
}

function isOff(lanes: unknown): boolean {
  if (lanes === undefined || lanes === 'on') return false;
  if (lanes === 'off') return true;
  throw new Error(`--lanes is "${lanes}"; expected is on or off.`);
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0) return number;
  throw new Error(`--${name} is "${text}"; expected is a number from 0, or Infinity.`);
}
