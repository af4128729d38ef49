import { describe, expect, it } from 'vitest';
import type { Fault } from '../../local/faults/fault.ts';
import { parseFault } from '../../local/faults/parse-fault.ts';
import { readOptions } from '../../local/options.ts';

const ALL = { from: 1, to: Number.POSITIVE_INFINITY };

const FORMS: [string, Fault][] = [
  [
    'kill SendDelivery.FirstLane before dynamodb:BatchWriteItem',
    {
      fault: 'call',
      by: 'SendDelivery.FirstLane',
      calls: ['dynamodb:BatchWriteItem'],
      effects: [{ do: 'kill_before' }],
    },
  ],
  [
    'kill DispatchEvent after sqs:SendMessageBatch nth=5',
    {
      fault: 'call',
      by: 'DispatchEvent',
      calls: ['sqs:SendMessageBatch'],
      effects: [{ do: 'kill_after' }],
      when: { from: 5, to: 5 },
    },
  ],
  ['kill FirstLane after-post', { fault: 'post', effect: 'kill_after', by: 'FirstLane' }],
  [
    'kill FirstLane after 200ms 2..3',
    { fault: 'kill', function: 'FirstLane', afterMs: 200, when: { from: 2, to: 3 } },
  ],
  [
    'fail dynamodb:PutItem by DispatchEvent 1..3 ThrottlingException',
    {
      fault: 'call',
      calls: ['dynamodb:PutItem'],
      effects: [{ do: 'fail', code: 'ThrottlingException' }],
      by: 'DispatchEvent',
      when: { from: 1, to: 3 },
    },
  ],
  [
    'fail dynamodb:* for 1.5m',
    { fault: 'call', calls: ['dynamodb:*'], effects: [{ do: 'fail' }], when: { forMs: 90_000 } },
  ],
  [
    'partial sqs:SendMessageBatch 3/10 on Retry1Queue nth=2',
    {
      fault: 'call',
      calls: ['sqs:SendMessageBatch'],
      effects: [{ do: 'partial', failed: 3, of: 10 }],
      on: 'Retry1Queue',
      when: { from: 2, to: 2 },
    },
  ],
  ['cut dynamodb:UpdateItem', { fault: 'call', calls: ['dynamodb:UpdateItem'], effects: [{ do: 'cut' }] }],
  [
    'delay kms:Decrypt 500ms always',
    { fault: 'call', calls: ['kms:Decrypt'], effects: [{ do: 'delay', ms: 500 }], when: ALL },
  ],
  [
    'delay-answer sqs:SendMessageBatch 2s nth=2',
    {
      fault: 'call',
      calls: ['sqs:SendMessageBatch'],
      effects: [{ do: 'delay_answer', ms: 2_000 }],
      when: { from: 2, to: 2 },
    },
  ],
  ['twice sqs FirstQueue', { fault: 'message_twice', queue: 'FirstQueue', second: 'in_turn' }],
  ['twice sqs FirstQueue parallel', { fault: 'message_twice', queue: 'FirstQueue', second: 'parallel' }],
  ['twice event', { fault: 'event_twice' }],
  ['twice event after 2s nth=3', { fault: 'event_twice', afterMs: 2_000, when: { from: 3, to: 3 } }],
  [
    'concurrency DispatchEvent 0 for 10s',
    { fault: 'concurrency', function: 'DispatchEvent', limit: 0, forMs: 10_000 },
  ],
];

const MISTAKES: [string, string, string][] = [
  [
    'explode everything',
    '"explode" is not a fault',
    'kill, fail, partial, cut, delay, delay-answer, twice, concurrency',
  ],
  ['fail dynamodb:PutItm', 'got the call "dynamodb:PutItm"', 'dynamodb:PutItem'],
  ['cut', 'got no call', 'sqs:SendMessageBatch'],
  ['delay kms:Decrypt soon', 'got "soon" for a time', '500ms, 10s or 2m'],
  ['partial sqs:SendMessageBatch 11/10', 'got "11/10"', '<k>/<n>'],
  ['partial dynamodb:PutItem 1/2', 'dynamodb:PutItem has no entries', 'dynamodb:BatchGetItem'],
  ['kill FirstLane', '"" is not a point', 'after-post'],
  ['kill FirstLane after-post on DeliveriesTable', '"after-post" is not a point', 'before <call>'],
  ['kill FirstLane at sqs:SendMessage', '"at sqs:SendMessage" is not a point', 'before <call>'],
  ['twice sqs', 'got "sqs"', 'twice event'],
  ['concurrency DispatchEvent 0', 'got "DispatchEvent 0"', 'for <time>'],
  ['fail kms:Decrypt nth=0', 'got "nth=0"', 'from 1 upwards'],
  ['fail kms:Decrypt by', '"by" has no name after it', 'by <name>'],
  ['cut kms:Decrypt twice', '"twice" is not expected here', 'The forms of a fault'],
];

describe('the text of a fault', () => {
  it.each(FORMS)('is parsed: %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each(MISTAKES)('is refused with what it got and what is allowed: %s', (text, got, allowed) => {
    const parse = () => parseFault(text);

    expect(parse).toThrow(`fault "${text}": ${got}`);
    expect(parse).toThrow(allowed);
  });

  it('can be given several times on the command line, and is checked before anything starts', () => {
    const options = readOptions(['--fault', 'twice event', '--fault', 'cut kms:Decrypt']);

    expect(options).toMatchObject({ faults: ['twice event', 'cut kms:Decrypt'] });
    expect(() => readOptions(['--fault', 'twice nothing'])).toThrow('got "nothing"');
  });
});
