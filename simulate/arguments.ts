import { parseArgs } from 'node:util';
import { FUNCTION_NAMES, type FunctionName } from '../measurement/function-names.ts';
import type { TableStyle } from '../measurement/text-table.ts';
import { BENCHMARK_LOAD } from './benchmark-load.ts';
import {
  DEPLOYED,
  type Parameters,
  type SourceSettings,
  withoutLanes,
  withProvisionedPollers,
} from './parameters.ts';

export type Task =
  | { readonly do: 'help' }
  | { readonly do: 'tables'; readonly style: TableStyle }
  | { readonly do: 'write' }
  | { readonly do: 'compare'; readonly parameters: Parameters; readonly json: boolean };

type SetNumber = (parameters: Parameters, value: number) => Parameters;

/** Options that change one parameter. With any of them, one load is compared; without, the tables are simulated. */
const NUMBERS: Readonly<Record<string, readonly [help: string, set: SetNumber]>> = {
  rate: ['events a second', (p, eventsPerSecond) => ({ ...p, eventsPerSecond })],
  'fan-out': ['webhooks that subscribe to an event', (p, fanOut) => ({ ...p, fanOut })],
  endpoints: ['endpoints in all', (p, endpoints) => ({ ...p, endpoints })],
  hanging: ['percent of the endpoints that hang', (p, percent) => ({ ...p, hangingShare: percent / 100 })],
  failing: [
    'percent of the other responses that are errors',
    (p, percent) => ({ ...p, failingShare: percent / 100 }),
  ],
  'answer-ms': ['median response time', (p, answerMedianMs) => ({ ...p, answerMedianMs })],
  'answer-p99-ms': ['99th percentile of the response time', (p, answerP99Ms) => ({ ...p, answerP99Ms })],
  'hang-ms': ['duration of an attempt at a hanging endpoint', (p, hangMs) => ({ ...p, hangMs })],
  'dispatch-concurrency': [
    'maximum concurrency of the dispatcher',
    onSources(['dispatch'], 'maxConcurrency'),
  ],
  concurrency: ['maximum concurrency of the first lane', onSources(['first'], 'maxConcurrency')],
  'retry-concurrency': ['maximum concurrency of each retry queue', onSources(['retry'], 'maxConcurrency')],
  'slow-concurrency': ['maximum concurrency of the slow lane', onSources(['slow'], 'maxConcurrency')],
  batch: ['batch size of the first and retry lanes', onSources(['first', 'retry'], 'batchSize')],
  'slow-batch': ['batch size of the slow lane', onSources(['slow'], 'batchSize')],
  'slow-window-ms': ['batching window of the slow lane', onSources(['slow'], 'windowMs')],
  'slow-collectors': [
    'pollers that fill batches of the slow lane at the same time',
    onSources(['slow'], 'collectors'),
  ],
  'receive-ms': [
    'duration of a receive on the other queues',
    onSources(['dispatch', 'first', 'retry'], 'windowMs'),
  ],
  'fresh-ms': [
    'age of a signature from which the webhook is read before the first attempt',
    (p, freshMs) => ({ ...p, freshMs }),
  ],
  'hung-after-ms': [
    'time without a response after which an attempt marks its webhook slow',
    (p, hungAfterMs) => ({ ...p, hungAfterMs }),
  ],
  'pollers-at-start': ['batches that the pollers of a queue run at once at first', onPollers('atStart')],
  'pollers-per-minute': ['batches that are added in a minute', onPollers('perMinute')],
  'bus-ms': ['from publishing to the events queue', (p, busMs) => ({ ...p, busMs })],
  'dispatch-ms': [
    'duration of an invocation of the dispatcher, without its events',
    (p, dispatchMs) => ({ ...p, dispatchMs }),
  ],
  'dispatch-event-ms': [
    "what each event adds to the dispatcher's invocation",
    (p, dispatchEventMs) => ({ ...p, dispatchEventMs }),
  ],
  'invocation-ms': [
    'duration of an invocation of the sender, without its longest attempt',
    (p, invocationMs) => ({ ...p, invocationMs }),
  ],
  'cold-start-ms': ['duration of a cold start', (p, coldStartMs) => ({ ...p, coldStartMs })],
  'clean-seconds': ['time from the start to the onset', (p, cleanSeconds) => ({ ...p, cleanSeconds })],
  'settle-seconds': [
    'time from the onset to the measured time',
    (p, settleSeconds) => ({ ...p, settleSeconds }),
  ],
  'measured-seconds': ['length of the measured time', (p, measuredSeconds) => ({ ...p, measuredSeconds })],
  seed: ['seed of the random numbers', (p, seed) => ({ ...p, seed })],
};

const TEXTS: readonly string[] = ['lanes', 'direct', 'retry-delays', 'first-lane-pollers'];

/** The measured time of a comparison begins a minute after the onset. */
const COMPARED: Parameters = { ...DEPLOYED, settleSeconds: 60, measuredSeconds: 120 };

export const HELP = `npm run simulate                         the tables of docs/scale.md and docs/isolation.md, as text
npm run simulate -- --markdown           ... as markdown
npm run simulate -- --write              ... into these documents
npm run simulate -- --rate 200 --endpoints 100 [--json]
                                         one load, compared with the same load without hanging endpoints
npm run simulate -- --benchmark-load [--json]
                                         the same for the default load of npm run bench:isolation

${Object.entries(NUMBERS)
  .map(([name, [help]]) => `  --${name.padEnd(24)}${help}`)
  .join('\n')}
  --lanes on|off            off: one queue for all attempts
  --direct on|off           on: producers send events to the events queue, without the bus
  --retry-delays 1,5,30     seconds; "none" for no retries
  --first-lane-pollers 20,30    minimum and maximum of provisioned pollers, instead of --concurrency`;

/** Throws on an unknown option and on an invalid value. The message states what is allowed. */
export function readTask(args: readonly string[]): Task {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries([...Object.keys(NUMBERS), ...TEXTS].map((name) => [name, text])),
      ...{ help: flag, json: flag, markdown: flag, write: flag, 'benchmark-load': flag },
    },
  });
  const given = new Map(Object.entries(values));
  if (given.has('help')) return { do: 'help' };
  const isLoad = [...given.keys()].some(
    (name) => name === 'benchmark-load' || TEXTS.includes(name) || name in NUMBERS,
  );
  if (isLoad) return { do: 'compare', parameters: readParameters(given), json: given.has('json') };
  if (given.has('json'))
    throw new Error('--json needs a load, such as --rate 200; the tables have --markdown.');
  if (given.has('write')) return { do: 'write' };
  return { do: 'tables', style: given.has('markdown') ? 'markdown' : 'text' };
}

function readParameters(given: ReadonlyMap<string, unknown>): Parameters {
  const initial = given.has('benchmark-load') ? BENCHMARK_LOAD : COMPARED;
  const numbers = Object.entries(NUMBERS).reduce((read, [name, [, set]]) => {
    const text = given.get(name);
    return typeof text === 'string' ? set(read, readNumber(name, text)) : read;
  }, initial);
  const delays = given.get('retry-delays');
  const scheduled = typeof delays === 'string' ? withRetryDelays(numbers, delays) : numbers;
  const pollers = given.get('first-lane-pollers');
  const provisioned = typeof pollers === 'string' ? withPollers(scheduled, pollers) : scheduled;
  const published = { ...provisioned, direct: isOn('direct', given.get('direct'), DEPLOYED.direct) };
  return isOn('lanes', given.get('lanes'), DEPLOYED.lanes) ? published : withoutLanes(published);
}

function withRetryDelays(parameters: Parameters, text: string): Parameters {
  const retryDelaysSeconds =
    text === 'none' ? [] : text.split(',').map((part) => readNumber('retry-delays', part));
  return { ...parameters, retryDelaysSeconds };
}

function withPollers(parameters: Parameters, text: string): Parameters {
  const [minimum, maximum, ...more] = text.split(',').map((part) => readNumber('first-lane-pollers', part));
  if (minimum === undefined || maximum === undefined || more.length > 0)
    throw new Error(`--first-lane-pollers is "${text}"; expected: two numbers, such as 20,30.`);
  return withProvisionedPollers(parameters, { minimum, maximum });
}

function isOn(name: string, given: unknown, otherwise: boolean): boolean {
  if (given === undefined) return otherwise;
  if (given === 'on' || given === 'off') return given === 'on';
  throw new Error(`--${name} is "${given}"; expected: on or off.`);
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0) return number;
  throw new Error(`--${name} is "${text}"; expected: a number from 0, or Infinity.`);
}

function onSources(
  names: readonly FunctionName[],
  field: 'maxConcurrency' | 'batchSize' | 'windowMs' | 'collectors',
): SetNumber {
  return changeSources(names, (source, value) => ({ ...source, [field]: value }));
}

function onPollers(field: 'atStart' | 'perMinute'): SetNumber {
  return changeSources(FUNCTION_NAMES, (source, value) => ({
    ...source,
    pollers: { ...source.pollers, [field]: value },
  }));
}

function changeSources(
  names: readonly FunctionName[],
  change: (source: SourceSettings, value: number) => SourceSettings,
): SetNumber {
  return (parameters, value) => ({
    ...parameters,
    ...Object.fromEntries(names.map((name) => [name, change(parameters[name], value)])),
  });
}
