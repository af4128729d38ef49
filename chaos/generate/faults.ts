import fc from 'fast-check';
import type { CallEffect, CallName, Fault, PostEffect } from '../../local/faults/fault.ts';
import { urlPrefixOf } from '../endpoints.ts';
import { at } from './actions.ts';
import { HOUR, MINUTE, SECOND } from './durations.ts';

/** The SDK's three tries of 2 s each, and its waits. */
const SLOW_FAILURE_MS = 6_300;

/** The calls that fail: those that the functions and AWS's own pollers make. */
const CALLS = [
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:GetItem',
  'dynamodb:UpdateItem',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'kms:Decrypt',
  'events:PutEvents',
  'sqs:SendMessageBatch',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessageBatch',
  'sqs:ChangeMessageVisibilityBatch',
] as const satisfies readonly CallName[];

type EffectName = CallEffect['do'];
type EffectNames = readonly [EffectName, ...EffectName[]];

const EFFECT_NAMES: EffectNames = [
  'fail',
  'cut',
  'partial',
  'delay',
  'delay_answer',
  'kill_before',
  'kill_after',
];
const POST_EFFECTS: readonly PostEffect[] = ['kill_before', 'kill_open', 'kill_after'];

const delayMs = fc.constantFrom(10, SECOND, 10 * SECOND, 40 * SECOND);

/** Mostly one call, sometimes as many as a function tries, or two different effects in a row. */
const effectNames: fc.Arbitrary<EffectNames> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...EFFECT_NAMES), fc.constantFrom(1, 1, 1, 2, 4, 8))
      .map(([effect, times]): EffectNames => [effect, ...Array.from({ length: times - 1 }, () => effect)]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...EFFECT_NAMES), fc.constantFrom(...EFFECT_NAMES))
      .map((pair): EffectNames => pair),
  },
);

/** A fault of the nth matching call and of those after it. */
function callFault(of: {
  readonly call: CallName;
  readonly on?: 'WebhooksTable' | 'DeliveriesTable';
  readonly nth: number;
  readonly effects: EffectNames;
  readonly delayMs: number;
}): Fault {
  const [first, ...others] = of.effects;
  return {
    fault: 'call',
    calls: [of.call],
    ...(of.on === undefined ? {} : { on: of.on }),
    effects: [effectOf(first, of.delayMs), ...others.map((name) => effectOf(name, of.delayMs))],
    when: { from: of.nth },
  };
}

function effectOf(name: EffectName, ms: number): CallEffect {
  switch (name) {
    case 'delay':
    case 'delay_answer':
      return { do: name, ms };
    case 'partial':
      return { do: 'partial', failed: 1, of: 3 };
    case 'fail':
    case 'cut':
    case 'kill_before':
    case 'kill_after':
      return { do: name };
  }
}

const post: fc.Arbitrary<Fault> = fc
  .record({ nth: fc.integer({ min: 1, max: 8 }), effect: fc.constantFrom(...POST_EFFECTS) })
  .map(({ nth, effect }) => ({ fault: 'post', effect, when: { from: nth } }));

const kill: fc.Arbitrary<Fault> = fc
  .record({
    nth: fc.integer({ min: 1, max: 10 }),
    // During a read, during a request, between an answer and its record, while an endpoint does not respond.
    afterMs: fc.oneof(
      fc.nat({ max: 200 }),
      fc.constantFrom(SECOND, 2 * SECOND + 50, 10 * SECOND, 31 * SECOND),
    ),
  })
  .map(({ nth, afterMs }) => ({ fault: 'kill', afterMs, when: { from: nth } }));

const messageTwice: fc.Arbitrary<Fault> = fc
  .record({
    nth: fc.integer({ min: 1, max: 10 }),
    afterMs: fc.constantFrom(0, 10, SECOND, 5 * SECOND, 20 * SECOND, 130 * SECOND),
  })
  .map(({ nth, afterMs }) => ({ fault: 'message_twice', second: afterMs, when: { from: nth } }));

const eventTwice: fc.Arbitrary<Fault> = fc
  .record({
    nth: fc.integer({ min: 1, max: 3 }),
    afterMs: fc.constantFrom(0, 10, SECOND, 100 * SECOND),
  })
  .map(({ nth, afterMs }) => ({ fault: 'event_twice', afterMs, when: { from: nth } }));

/** All calls of a service fail for a time, at once or slowly. */
function outage(services: fc.Arbitrary<'dynamodb' | 'kms' | 'events' | 'sqs'>, forMs: fc.Arbitrary<number>) {
  return fc.record({ service: services, from: at, forMs, slowly: fc.boolean() }).map(
    ({ service, from, slowly, ...duration }): Fault => ({
      fault: 'call',
      calls: [`${service}:*`],
      effects: [slowly ? { do: 'fail', afterMs: SLOW_FAILURE_MS } : { do: 'fail' }],
      when: { afterMs: from, ...duration },
    }),
  );
}

/** Every kind of fault that the simulated cloud supports. */
export const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        call: fc.constantFrom(...CALLS),
        nth: fc.integer({ min: 1, max: 8 }),
        effects: effectNames,
        delayMs,
      })
      .map(callFault),
  },
  { weight: 3, arbitrary: post },
  { weight: 2, arbitrary: kill },
  {
    weight: 2,
    arbitrary: outage(
      fc.constantFrom('dynamodb', 'kms', 'events'),
      fc.constantFrom(SECOND, 30 * SECOND, 10 * MINUTE, 2 * HOUR, 6 * HOUR),
    ),
  },
  {
    weight: 1,
    arbitrary: outage(fc.constant('sqs'), fc.constantFrom(SECOND, 30 * SECOND, 5 * MINUTE)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ nth: fc.integer({ min: 1, max: 8 }) })
      .map(({ nth }): Fault => ({ fault: 'throttle', when: { from: nth } })),
  },
  { weight: 3, arbitrary: messageTwice },
  { weight: 2, arbitrary: eventTwice },
  {
    weight: 1,
    arbitrary: fc
      .record({ nth: fc.integer({ min: 1, max: 3 }) })
      .map(({ nth }): Fault => ({ fault: 'bus_cannot_send', when: { from: nth } })),
  },
);

/** The answer of a record's write is lost, and the next try takes effect late; or all tries fail. */
const lostAndLate = fc.constantFrom<EffectNames[]>(
  ['cut', 'delay'],
  ['cut', 'delay_answer'],
  ['fail', 'delay'],
  ['fail', 'fail', 'fail', 'fail'],
);

/** Faults after which copies of one delivery write its record at the same time. */
export const recordFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        call: fc.constantFrom('dynamodb:UpdateItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'),
        on: fc.constant('DeliveriesTable' as const),
        nth: fc.integer({ min: 1, max: 5 }),
        effects: fc.oneof(effectNames, lostAndLate),
        delayMs,
      })
      .map(callFault),
  },
  { weight: 4, arbitrary: messageTwice },
  { weight: 2, arbitrary: eventTwice },
  { weight: 2, arbitrary: post },
  { weight: 1, arbitrary: kill },
  { weight: 2, arbitrary: anyFault },
);

/** A second delivery of the delivery's first message, and a write of its record that is lost, late, or both. */
export const copyAndWrite: fc.Arbitrary<Fault[]> = fc
  .record({
    afterMs: fc.constantFrom(0, 20 * SECOND),
    nth: fc.integer({ min: 1, max: 3 }),
    effects: fc.oneof(lostAndLate, fc.constantFrom<EffectNames[]>(['cut'], ['delay'])),
    delayMs: fc.constantFrom(10 * SECOND, 40 * SECOND),
  })
  .map(({ afterMs, ...write }) => [
    { fault: 'message_twice', second: afterMs, when: { from: 2 } },
    callFault({ call: 'dynamodb:UpdateItem', on: 'DeliveriesTable', ...write }),
  ]);

const toFirstWebhook = urlPrefixOf(0);

const deathBeforeFollowUp: fc.Arbitrary<Fault[]> = fc.constantFrom<Fault[][]>(
  [
    {
      fault: 'call',
      calls: ['dynamodb:UpdateItem'],
      on: 'DeliveriesTable',
      effects: [{ do: 'kill_after' }],
      when: { from: 1 },
    },
  ],
  [{ fault: 'call', calls: ['sqs:SendMessageBatch'], effects: [{ do: 'kill_before' }], when: { from: 2 } }],
  // The follow-up is returned to its queue twice.
  [
    { fault: 'post', effect: 'kill_before', to: toFirstWebhook, when: { from: 2 } },
    { fault: 'post', effect: 'kill_before', to: toFirstWebhook, when: { from: 3 } },
  ],
);

const copy = fc.record({ afterMs: fc.integer({ min: SECOND, max: 250 * SECOND }) });

const secondCopy: fc.Arbitrary<Fault> = fc.oneof(
  // The first message is the event's.
  copy.map(({ afterMs }): Fault => ({ fault: 'message_twice', second: afterMs, when: { from: 2 } })),
  copy.map(({ afterMs }): Fault => ({ fault: 'event_twice', afterMs, when: { from: 1 } })),
);

const lateTakeover: fc.Arbitrary<Fault> = fc
  .record({
    call: fc.constant('dynamodb:UpdateItem' as const),
    on: fc.constant('DeliveriesTable' as const),
    nth: fc.integer({ min: 2, max: 4 }),
    effects: fc.constant<EffectNames>(['delay']),
    delayMs: fc.constantFrom(SECOND, 5 * SECOND, 40 * SECOND),
  })
  .map(callFault);

/** Faults after which copies of a message wait for an overdue follow-up and take over at the same time. */
export const takeoverFaults: fc.Arbitrary<Fault[]> = fc
  .tuple(deathBeforeFollowUp, secondCopy, lateTakeover, fc.array(recordFault, { maxLength: 1 }))
  .map(([death, ...others]) => [...death, ...others.flat()]);

/** Faults while the result of a challenge is written. */
export const verificationFault: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .record({
      call: fc.constant('dynamodb:UpdateItem' as const),
      on: fc.constantFrom('WebhooksTable', 'DeliveriesTable'),
      nth: fc.integer({ min: 1, max: 8 }),
      effects: fc.oneof(effectNames, lostAndLate),
      delayMs,
    })
    .map(callFault),
  messageTwice,
  post,
);
