import {
  CALL_NAMES,
  type CallEffect,
  type CallName,
  type Fault,
  isCallName,
  PARTIAL_CALLS,
  type When,
} from './fault.ts';

/** Every form of a fault, for the command line's help and for error messages. */
export const FAULT_FORMS = `kill <function> before|after <call>       the environment that makes the call is killed before or after its effect
kill <function> after-post                it is killed when its POST was answered and nothing is recorded
kill <function> after <time>              it is killed that long after it started to run an event
fail <call> [<error code>]                the call is refused and has no effect
partial <call> <k>/<n>                    k of every n entries of a batch fail
cut <call>                                the call takes effect, and its answer is lost
delay <call> <time>                       the call takes effect later
delay-answer <call> <time>                the call takes effect at once, and its answer arrives later
twice sqs <queue> [in-turn|parallel]      SQS delivers a message twice
twice event [after <time>]                the bus delivers an event twice
concurrency <function> <n> for <time>     at most n environments of the function run events

<call>      <service>:<Action>, such as dynamodb:PutItem, or <service>:*
<function>  part of its name, such as FirstLane, SendDelivery or DispatchEvent
<queue>     FirstQueue, Retry1Queue, SlowQueue …: an output of the stack without "Url"
<time>      such as 500ms, 10s or 2m

Options, anywhere after the first word:
by <function>        only that function's calls
on <queue or table>  only calls on it, such as Retry1Queue or DeliveriesTable
nth=<n>, <n>..<m>    on which occasions, counted from 1; default: the first
always               on all occasions
for <time>           on all occasions in that time from now
`;

interface Words {
  /** The words that are not options. */
  readonly positionals: readonly string[];
  readonly by?: string;
  readonly on?: string;
  readonly when?: When;
}

/** Throws an error with what it got and what is allowed. */
export function parseFault(text: string): Fault {
  const [verb = '', ...words] = text.trim().split(/\s+/);
  const parse = PARSERS.get(verb);
  if (parse === undefined) throw refuse(text, `"${verb}" is not a fault`, [...PARSERS.keys()].join(', '));
  return parse(takeOptions(words, text), text);
}

type Parser = (words: Words, text: string) => Fault;

const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['kill', parseKill],
  ['fail', parseFail],
  ['partial', parsePartial],
  ['cut', (words, text) => callFault(words, text, { do: 'cut' }, 1)],
  ['delay', (words, text) => parseDelay('delay', words, text)],
  ['delay-answer', (words, text) => parseDelay('delay_answer', words, text)],
  ['twice', parseTwice],
  ['concurrency', parseConcurrency],
]);

function parseKill(words: Words, text: string): Fault {
  const [target, point, what, ...more] = words.positionals;
  const form = 'kill <function> before <call>, after <call>, after <time>, or after-post';
  if (target === undefined || more.length > 0 || words.by !== undefined) {
    throw refuse(text, 'a kill names its function first, and then one point', form);
  }
  if (point === 'after-post' && what === undefined && words.on === undefined) {
    return { fault: 'post', effect: 'kill_after', by: target, ...whenOf(words) };
  }
  const fault = { fault: 'call', by: target, ...onAndWhenOf(words) } as const;
  if (point === 'before') {
    return { ...fault, calls: [readCall(what, text)], effects: [{ do: 'kill_before' }] };
  }
  if (point === 'after' && what?.includes(':')) {
    return { ...fault, calls: [readCall(what, text)], effects: [{ do: 'kill_after' }] };
  }
  if (point === 'after' && words.on === undefined) {
    return { fault: 'kill', function: target, afterMs: readTime(what, text), ...whenOf(words) };
  }
  throw refuse(text, `"${words.positionals.slice(1).join(' ')}" is not a point`, form);
}

function parseFail(words: Words, text: string): Fault {
  const [, code] = words.positionals;
  return callFault(words, text, { do: 'fail', ...(code === undefined ? {} : { code }) }, code ? 2 : 1);
}

function parseDelay(effect: 'delay' | 'delay_answer', words: Words, text: string): Fault {
  return callFault(words, text, { do: effect, ms: readTime(words.positionals[1], text) }, 2);
}

function parsePartial(words: Words, text: string): Fault {
  const [, share = 'nothing'] = words.positionals;
  const [, failed, of] = /^(\d+)\/(\d+)$/.exec(share) ?? [];
  if (Number(failed) < 1 || !(Number(failed) <= Number(of))) {
    throw refuse(
      text,
      `got "${share}" for how many entries fail`,
      '<k>/<n> with k from 1 to n, such as 3/10',
    );
  }
  const [call = ''] = words.positionals;
  if (isCallName(call) && !PARTIAL_CALLS.includes(call)) {
    throw refuse(text, `${call} has no entries that can fail separately`, PARTIAL_CALLS.join(', '));
  }
  return callFault(words, text, { do: 'partial', failed: Number(failed), of: Number(of) }, 2);
}

function parseTwice(words: Words, text: string): Fault {
  const [what, name, how = 'in-turn', ...more] = words.positionals;
  const isPlain = words.by === undefined && words.on === undefined;
  if (
    what === 'sqs' &&
    name !== undefined &&
    ['in-turn', 'parallel'].includes(how) &&
    more.length === 0 &&
    isPlain
  ) {
    const second = how === 'parallel' ? 'parallel' : 'in_turn';
    return { fault: 'message_twice', queue: name, second, ...whenOf(words) };
  }
  if (what === 'event' && name === undefined && isPlain) return { fault: 'event_twice', ...whenOf(words) };
  if (what === 'event' && name === 'after' && words.positionals.length === 3 && isPlain) {
    return { fault: 'event_twice', afterMs: readTime(how, text), ...whenOf(words) };
  }
  const forms = 'twice sqs <queue> [in-turn|parallel], twice event [after <time>]';
  throw refuse(text, `got "${words.positionals.join(' ')}"`, forms);
}

function parseConcurrency(words: Words, text: string): Fault {
  const [target, limit, ...more] = words.positionals;
  const { from, forMs } = words.when ?? {};
  const isPlain = more.length === 0 && words.by === undefined && words.on === undefined && from === undefined;
  if (target !== undefined && limit !== undefined && /^\d+$/.test(limit) && forMs !== undefined && isPlain) {
    return { fault: 'concurrency', function: target, limit: Number(limit), forMs };
  }
  throw refuse(text, `got "${words.positionals.join(' ')}"`, 'concurrency <function> <n> for <time>');
}

function callFault(
  words: Words,
  text: string,
  effect: CallEffect,
  /** How many words the form has. */
  length: number,
): Fault {
  const calls = [readCall(words.positionals[0], text)];
  const surplus = words.positionals.slice(length);
  if (surplus.length > 0)
    throw refuse(text, `"${surplus.join(' ')}" is not expected here`, 'one of the forms below');
  const by = words.by === undefined ? {} : { by: words.by };
  return { fault: 'call', calls, effects: [effect], ...by, ...onAndWhenOf(words) };
}

function onAndWhenOf(words: Words): Pick<Words, 'on' | 'when'> {
  return { ...(words.on === undefined ? {} : { on: words.on }), ...whenOf(words) };
}

function whenOf({ when }: Words): Pick<Words, 'when'> {
  return when === undefined ? {} : { when };
}

function takeOptions(words: readonly string[], text: string): Words {
  const positionals: string[] = [];
  const named: { by?: string; on?: string } = {};
  let when: When | undefined;
  const remaining = [...words];
  for (let word = remaining.shift(); word !== undefined; word = remaining.shift()) {
    const [, first, last = first] = /^(?:nth=)?(\d+)(?:\.\.(\d+))?$/.exec(word) ?? [];
    if (word === 'by' || word === 'on') {
      const name = remaining.shift();
      if (name === undefined) throw refuse(text, `"${word}" has no name after it`, `${word} <name>`);
      named[word] = name;
    } else if (word === 'for') when = { ...when, forMs: readTime(remaining.shift(), text) };
    else if (word === 'always') when = { ...when, from: 1, to: Number.POSITIVE_INFINITY };
    else if (first !== undefined && word !== first) {
      const [from, to] = [Number(first), Number(last)];
      if (from < 1 || to < from) throw refuse(text, `got "${word}"`, 'nth=<n> or <n>..<m>, from 1 upwards');
      when = { ...when, from, to };
    } else positionals.push(word);
  }
  return { positionals, ...named, ...(when === undefined ? {} : { when }) };
}

function readCall(word: string | undefined, text: string): CallName {
  if (word !== undefined && isCallName(word)) return word;
  throw refuse(text, `got ${word === undefined ? 'no call' : `the call "${word}"`}`, CALL_NAMES.join(', '));
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function readTime(word: string | undefined, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(word ?? '') ?? [];
  const unitMs = UNITS_MS[unit];
  if (number !== undefined && unitMs !== undefined) return Math.round(Number(number) * unitMs);
  throw refuse(text, `got ${word === undefined ? 'no time' : `"${word}" for a time`}`, '500ms, 10s or 2m');
}

function refuse(text: string, got: string, allowed: string): Error {
  return new Error(`fault "${text}": ${got}; allowed: ${allowed}\nThe forms of a fault:\n${FAULT_FORMS}`);
}
