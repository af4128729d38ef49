import fc from 'fast-check';
import { CALL_EFFECTS, type CallEffects, FAILING_CALLS, type Fault, POST_EFFECTS } from './fault.ts';
import { at } from './generate-actions.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const delayMs = fc.constantFrom(10, SECOND, 10 * SECOND, 40 * SECOND);

/** Mostly one call, sometimes as many as are tried in place, or two different ones in a row. */
const effects: fc.Arbitrary<CallEffects> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...CALL_EFFECTS), fc.constantFrom(1, 1, 1, 2, 4, 8))
      .map(([effect, times]): CallEffects => [effect, ...Array.from({ length: times - 1 }, () => effect)]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...CALL_EFFECTS), fc.constantFrom(...CALL_EFFECTS))
      .map((pair): CallEffects => pair),
  },
);

const post: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('post' as const),
  nth: fc.integer({ min: 1, max: 8 }),
  effect: fc.constantFrom(...POST_EFFECTS),
});

const kill: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('kill' as const),
  nth: fc.integer({ min: 1, max: 10 }),
  // During a read, during a request, between an answer and its record, while an endpoint hangs.
  afterMs: fc.oneof(fc.nat({ max: 200 }), fc.constantFrom(SECOND, 2 * SECOND + 50, 10 * SECOND, 31 * SECOND)),
});

const messageTwice: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('message_twice' as const),
  nth: fc.integer({ min: 1, max: 10 }),
  afterMs: fc.constantFrom(0, 10, SECOND, 5 * SECOND, 20 * SECOND, 130 * SECOND),
});

const eventTwice: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('event_twice' as const),
  nth: fc.integer({ min: 1, max: 3 }),
  afterMs: fc.constantFrom(0, 10, SECOND, 100 * SECOND),
});

export const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      fault: fc.constant('call' as const),
      call: fc.constantFrom(...FAILING_CALLS),
      nth: fc.integer({ min: 1, max: 8 }),
      effects,
      delayMs,
    }),
  },
  { weight: 3, arbitrary: post },
  { weight: 2, arbitrary: kill },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constant('down' as const),
      service: fc.constantFrom('dynamodb', 'kms', 'events'),
      from: at,
      forMs: fc.constantFrom(SECOND, 30 * SECOND, 10 * MINUTE, 2 * HOUR, 6 * HOUR),
      slowly: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      fault: fc.constant('down' as const),
      service: fc.constant('sqs' as const),
      from: at,
      forMs: fc.constantFrom(SECOND, 30 * SECOND, 5 * MINUTE),
      slowly: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ fault: fc.constant('throttle' as const), nth: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 3, arbitrary: messageTwice },
  { weight: 2, arbitrary: eventTwice },
  {
    weight: 1,
    arbitrary: fc.record({
      fault: fc.constant('bus_cannot_send' as const),
      nth: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

/** A write of a record whose answer is lost, and which takes effect late when it is tried again. */
const lostAndLate = fc.constantFrom<CallEffects[]>(
  ['cut', 'delay'],
  ['cut', 'delay_answer'],
  ['fail', 'delay'],
  ['fail', 'fail', 'fail', 'fail'],
);

/** What makes copies of one delivery meet at its record. */
export const recordFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      fault: fc.constant('call' as const),
      call: fc.constantFrom('dynamodb:UpdateItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'),
      on: fc.constant('deliveries' as const),
      nth: fc.integer({ min: 1, max: 5 }),
      effects: fc.oneof(effects, lostAndLate),
      delayMs,
    }),
  },
  { weight: 4, arbitrary: messageTwice },
  { weight: 2, arbitrary: eventTwice },
  { weight: 2, arbitrary: post },
  { weight: 1, arbitrary: kill },
  { weight: 2, arbitrary: anyFault },
);

/** A second delivery of the delivery's first message, and the write of a record that is lost, late, or both. */
export const copyAndWrite: fc.Arbitrary<Fault[]> = fc
  .record({
    afterMs: fc.constantFrom(0, 20 * SECOND),
    nth: fc.integer({ min: 1, max: 3 }),
    effects: fc.oneof(lostAndLate, fc.constantFrom<CallEffects[]>(['cut'], ['delay'])),
    delayMs: fc.constantFrom(10 * SECOND, 40 * SECOND),
  })
  .map(({ afterMs, nth, effects: writeEffects, delayMs: ms }) => [
    { fault: 'message_twice', nth: 2, afterMs },
    {
      fault: 'call',
      call: 'dynamodb:UpdateItem',
      on: 'deliveries',
      nth,
      effects: writeEffects,
      delayMs: ms,
    },
  ]);

const deathBeforeFollowUp: fc.Arbitrary<Fault[]> = fc.constantFrom<Fault[][]>(
  [
    {
      fault: 'call',
      call: 'dynamodb:UpdateItem',
      on: 'deliveries',
      nth: 1,
      effects: ['kill_after'],
      delayMs: 0,
    },
  ],
  [{ fault: 'call', call: 'sqs:SendMessageBatch', nth: 2, effects: ['kill_before'], delayMs: 0 }],
  // The follow-up is returned to its queue twice.
  [
    { fault: 'post', nth: 2, webhook: 0, effect: 'kill_before' },
    { fault: 'post', nth: 3, webhook: 0, effect: 'kill_before' },
  ],
);

const copyAfterMs = fc.integer({ min: SECOND, max: 250 * SECOND });

const secondCopy: fc.Arbitrary<Fault> = fc.oneof(
  // The first message is the event's.
  fc.record({ fault: fc.constant('message_twice' as const), nth: fc.constant(2), afterMs: copyAfterMs }),
  fc.record({ fault: fc.constant('event_twice' as const), nth: fc.constant(1), afterMs: copyAfterMs }),
);

const lateTakeover: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('call' as const),
  call: fc.constant('dynamodb:UpdateItem' as const),
  on: fc.constant('deliveries' as const),
  nth: fc.integer({ min: 2, max: 4 }),
  effects: fc.constant<CallEffects>(['delay']),
  delayMs: fc.constantFrom(SECOND, 5 * SECOND, 40 * SECOND),
});

/** What makes copies of a message wait for a follow-up that is overdue, and take over at the same time. */
export const takeoverFaults: fc.Arbitrary<Fault[]> = fc
  .tuple(deathBeforeFollowUp, secondCopy, lateTakeover, fc.array(recordFault, { maxLength: 1 }))
  .map(([death, ...others]) => [...death, ...others.flat()]);

/** What goes wrong when a challenge's result is written. */
export const verificationFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    fault: fc.constant('call' as const),
    call: fc.constant('dynamodb:UpdateItem' as const),
    on: fc.constantFrom('webhooks', 'deliveries'),
    nth: fc.integer({ min: 1, max: 8 }),
    effects: fc.oneof(effects, lostAndLate),
    delayMs,
  }),
  messageTwice,
  post,
);
