import fc from 'fast-check';
import type { Fault } from '../../local/faults/fault.ts';
import { urlPrefixOf } from '../endpoints.ts';
import { SECOND } from './durations.ts';
import {
  anyFault,
  callFault,
  delayMs,
  type EffectNames,
  effectNames,
  eventTwice,
  kill,
  messageTwice,
  post,
} from './faults.ts';

/** The answer to the write of a record is lost, and the next try takes effect late. Or all tries fail. */
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

const killBeforeFollowUp: fc.Arbitrary<Fault[]> = fc.constantFrom<Fault[][]>(
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
  .tuple(killBeforeFollowUp, secondCopy, lateTakeover, fc.array(recordFault, { maxLength: 1 }))
  .map(([kills, ...others]) => [...kills, ...others.flat()]);

/** Faults between the writes of a change of a webhook, and while a dispatcher reads the webhooks. */
export const versionFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        call: fc.constantFrom(
          'dynamodb:UpdateItem' as const,
          'dynamodb:UpdateItem' as const,
          'dynamodb:DeleteItem' as const,
        ),
        on: fc.constant('WebhooksTable' as const),
        nth: fc.integer({ min: 1, max: 12 }),
        effects: fc.oneof(
          fc.constantFrom<EffectNames[]>(
            ['kill_before'],
            ['kill_after'],
            ['cut'],
            ['delay'],
            ['delay', 'kill_before'],
          ),
          effectNames,
        ),
        delayMs,
      })
      .map(callFault),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        call: fc.constantFrom('dynamodb:GetItem' as const, 'dynamodb:Query' as const),
        on: fc.constant('WebhooksTable' as const),
        nth: fc.integer({ min: 1, max: 12 }),
        effects: fc.constantFrom<EffectNames[]>(['delay'], ['delay_answer'], ['fail']),
        delayMs,
      })
      .map(callFault),
  },
);

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
