import fc from 'fast-check';
import type { CallEffect, CallName, Fault, PostEffect } from '../../local/faults/fault.ts';
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
export type EffectNames = readonly [EffectName, ...EffectName[]];

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

export const delayMs = fc.constantFrom(10, SECOND, 10 * SECOND, 40 * SECOND);

/** Mostly one call, sometimes as many as a function tries, or two different effects in a row. */
export const effectNames: fc.Arbitrary<EffectNames> = fc.oneof(
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
export function callFault(of: {
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

export const post: fc.Arbitrary<Fault> = fc
  .record({ nth: fc.integer({ min: 1, max: 8 }), effect: fc.constantFrom(...POST_EFFECTS) })
  .map(({ nth, effect }) => ({ fault: 'post', effect, when: { from: nth } }));

export const kill: fc.Arbitrary<Fault> = fc
  .record({
    nth: fc.integer({ min: 1, max: 10 }),
    // During a read, during a request, between an answer and its record, while an endpoint does not respond.
    afterMs: fc.oneof(
      fc.nat({ max: 200 }),
      fc.constantFrom(SECOND, 2 * SECOND + 50, 10 * SECOND, 31 * SECOND),
    ),
  })
  .map(({ nth, afterMs }) => ({ fault: 'kill', afterMs, when: { from: nth } }));

export const messageTwice: fc.Arbitrary<Fault> = fc
  .record({
    nth: fc.integer({ min: 1, max: 10 }),
    afterMs: fc.constantFrom(0, 10, SECOND, 5 * SECOND, 20 * SECOND, 130 * SECOND),
  })
  .map(({ nth, afterMs }) => ({ fault: 'message_twice', second: afterMs, when: { from: nth } }));

export const eventTwice: fc.Arbitrary<Fault> = fc
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
