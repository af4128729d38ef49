import { parseArgs } from 'node:util';
import type { TableStyle } from '../figures/text-table.ts';
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
type SourceName = 'dispatch' | 'first' | 'retry' | 'slow';

/** Each changes the deployed parameters; any of them asks for one comparison instead of the tables. */
const NUMBERS: Readonly<Record<string, readonly [help: string, set: SetNumber]>> = {
  rate: ['events a second', (p, eventsPerSecond) => ({ ...p, eventsPerSecond })],
  'fan-out': ['webhooks that want an event', (p, fanOut) => ({ ...p, fanOut })],
  endpoints: ['endpoints in all', (p, endpoints) => ({ ...p, endpoints })],
  hanging: ['percent of them that hang', (p, percent) => ({ ...p, hangingShare: percent / 100 })],
  failing: ['percent of other answers: errors', (p, percent) => ({ ...p, failingShare: percent / 100 })],
  'answer-ms': ['median of an answer', (p, answerMedianMs) => ({ ...p, answerMedianMs })],
  'answer-p99-ms': ['its 99th percentile', (p, answerP99Ms) => ({ ...p, answerP99Ms })],
  'hang-ms': ['until an attempt ends', (p, hangMs) => ({ ...p, hangMs })],
  'dispatch-concurrency': ['of the dispatcher', onSources(['dispatch'], 'maxConcurrency')],
  concurrency: ['of the first lane', onSources(['first'], 'maxConcurrency')],
  'retry-concurrency': ['of each retry queue', onSources(['retry'], 'maxConcurrency')],
  'slow-concurrency': ['of the slow lane', onSources(['slow'], 'maxConcurrency')],
  batch: ['of the first and retry lanes', onSources(['first', 'retry'], 'batchSize')],
  'slow-batch': ['of the slow lane', onSources(['slow'], 'batchSize')],
  'slow-window-ms': ['of the slow lane', onSources(['slow'], 'windowMs')],
  'slow-collectors': ['pollers that fill slow batches at once', onSources(['slow'], 'collectors')],
  'receive-ms': ['of a receive on the other queues', onSources(['dispatch', 'first', 'retry'], 'windowMs')],
  'fresh-ms': ['until a first attempt is read before it is sent', (p, freshMs) => ({ ...p, freshMs })],
  'hung-after-ms': ['until an open attempt marks its webhook', (p, hungAfterMs) => ({ ...p, hungAfterMs })],
  'pollers-at-start': ['batches at once', onPollers('atStart')],
  'pollers-per-minute': ['their growth', onPollers('perMinute')],
  'bus-ms': ['from publishing to the events queue', (p, busMs) => ({ ...p, busMs })],
  'dispatch-ms': ['of an invocation of the dispatcher', (p, dispatchMs) => ({ ...p, dispatchMs })],
  'invocation-ms': ['beside its longest attempt', (p, invocationMs) => ({ ...p, invocationMs })],
  'cold-start-ms': ['of an environment', (p, coldStartMs) => ({ ...p, coldStartMs })],
  'clean-seconds': ['before the onset', (p, cleanSeconds) => ({ ...p, cleanSeconds })],
  'settle-seconds': ['from the onset to the measured time', (p, settleSeconds) => ({ ...p, settleSeconds })],
  'measured-seconds': ['of measured time', (p, measuredSeconds) => ({ ...p, measuredSeconds })],
  seed: ['another sequence of random numbers', (p, seed) => ({ ...p, seed })],
};

const TEXTS: readonly string[] = ['lanes', 'retry-delays', 'first-lane-pollers'];

/** A comparison measures from a minute after the onset. */
const COMPARED: Parameters = { ...DEPLOYED, settleSeconds: 60, measuredSeconds: 120 };

export const HELP = `npm run simulate                         the tables of docs/scale.md and docs/isolation.md, as text
npm run simulate -- --markdown           ... as markdown
npm run simulate -- --write              ... into these documents
npm run simulate -- --rate 200 --endpoints 100 [--json]    one load, compared with the same without hanging endpoints

${Object.entries(NUMBERS)
  .map(([name, [help]]) => `  --${name.padEnd(24)}${help}`)
  .join('\n')}
  --lanes on|off            off: everything in one queue
  --retry-delays 1,5,30     seconds; "none" for no retries
  --first-lane-pollers 20,30    provisioned pollers of the first lane, minimum and maximum, instead of --concurrency`;

/** Throws on an option or a value that does not exist, and says what is allowed. */
export function readTask(args: readonly string[]): Task {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries([...Object.keys(NUMBERS), ...TEXTS].map((name) => [name, text])),
      ...{ help: flag, json: flag, markdown: flag, write: flag },
    },
  });
  const given = new Map(Object.entries(values));
  if (given.has('help')) return { do: 'help' };
  const isLoad = [...given.keys()].some((name) => TEXTS.includes(name) || name in NUMBERS);
  if (isLoad) return { do: 'compare', parameters: readParameters(given), json: given.has('json') };
  if (given.has('json'))
    throw new Error('--json needs a load, such as --rate 200; the tables have --markdown.');
  if (given.has('write')) return { do: 'write' };
  return { do: 'tables', style: given.has('markdown') ? 'markdown' : 'text' };
}

function readParameters(given: ReadonlyMap<string, unknown>): Parameters {
  const numbers = Object.entries(NUMBERS).reduce((read, [name, [, set]]) => {
    const text = given.get(name);
    return typeof text === 'string' ? set(read, readNumber(name, text)) : read;
  }, COMPARED);
  const delays = given.get('retry-delays');
  const scheduled = typeof delays === 'string' ? withRetryDelays(numbers, delays) : numbers;
  const pollers = given.get('first-lane-pollers');
  const provisioned = typeof pollers === 'string' ? withPollers(scheduled, pollers) : scheduled;
  return isOff(given.get('lanes')) ? withoutLanes(provisioned) : provisioned;
}

function withRetryDelays(parameters: Parameters, text: string): Parameters {
  const retryDelaysSeconds =
    text === 'none' ? [] : text.split(',').map((part) => readNumber('retry-delays', part));
  return { ...parameters, retryDelaysSeconds };
}

function withPollers(parameters: Parameters, text: string): Parameters {
  const [minimum, maximum, ...more] = text.split(',').map((part) => readNumber('first-lane-pollers', part));
  if (minimum === undefined || maximum === undefined || more.length > 0)
    throw new Error(`--first-lane-pollers is "${text}"; expected are two numbers, such as 20,30.`);
  return withProvisionedPollers(parameters, { minimum, maximum });
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

function onSources(
  names: readonly SourceName[],
  field: 'maxConcurrency' | 'batchSize' | 'windowMs' | 'collectors',
): SetNumber {
  return changeSources(names, (source, value) => ({ ...source, [field]: value }));
}

function onPollers(field: 'atStart' | 'perMinute'): SetNumber {
  return changeSources(['dispatch', 'first', 'retry', 'slow'], (source, value) => ({
    ...source,
    pollers: { ...source.pollers, [field]: value },
  }));
}

function changeSources(
  names: readonly SourceName[],
  change: (source: SourceSettings, value: number) => SourceSettings,
): SetNumber {
  return (parameters, value) => ({
    ...parameters,
    ...Object.fromEntries(names.map((name) => [name, change(parameters[name], value)])),
  });
}
