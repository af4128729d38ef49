import fc from 'fast-check';
import {
  ACCOUNTS,
  ANSWERS,
  type Answers,
  CALL_EFFECTS,
  EVENT_TYPES,
  FAILING_CALLS,
  type Fault,
  POISONS,
  REDRIVE_TARGETS,
  type Scenario,
  type Step,
  SUBSCRIPTIONS,
  type WebhookSpec,
} from './scenario.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const account = fc.nat({ max: ACCOUNTS - 1 });
/** Most scenarios have few: what is done should meet one of them. */
const webhook = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 3 }) },
);

const answers: fc.Arbitrary<Answers> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Answers>(['ok']) },
  // Open for long enough that something may change meanwhile.
  {
    weight: 2,
    arbitrary: fc.constantFrom<Answers[]>(['hang', 'ok'], ['slow'], ['crawl'], ['error', 'slow']),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...ANSWERS), fc.array(fc.constantFrom(...ANSWERS), { maxLength: 3 }))
      .map(([first, rest]): Answers => [first, ...rest]),
  },
);

const webhookSpec: fc.Arbitrary<WebhookSpec> = fc.record({
  account,
  events: fc.constantFrom(...SUBSCRIPTIONS),
  state: fc.oneof(
    { weight: 8, arbitrary: fc.constant('active' as const) },
    { weight: 2, arbitrary: fc.constant('pending' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('disabled' as const, 'unreadable' as const, 'sealed_elsewhere' as const),
    },
  ),
  markedSlow: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  answers,
  answersElsewhere: answers,
});

/** Mostly close together, where things meet; some after everything else has calmed down. */
const at = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 5 * SECOND }) },
  { weight: 3, arbitrary: fc.nat({ max: 5 * MINUTE }) },
  { weight: 1, arbitrary: fc.nat({ max: 2 * HOUR }) },
);

const publish: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('publish' as const),
  at,
  account,
  event: fc.nat({ max: 3 }),
  type: fc.constantFrom(...EVENT_TYPES),
  body: fc.nat({ max: 2 }),
});

const otherStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'disable' as const,
        'enable' as const,
        'delete' as const,
        'repoint' as const,
        'repoint_again' as const,
        'verify' as const,
        'test' as const,
      ),
      at,
      webhook,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('break_item' as const, 'break_secret' as const),
      at,
      webhook,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('redrive' as const),
      at,
      to: fc.constantFrom(...REDRIVE_TARGETS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('poison' as const),
      at,
      queue: fc.constantFrom(...REDRIVE_TARGETS),
      as: fc.constantFrom(...POISONS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish_invalid' as const), at, account }) },
);

const steps = fc
  .tuple(fc.array(publish, { minLength: 1, maxLength: 4 }), fc.array(otherStep, { maxLength: 4 }))
  .map(([published, others]) => [...published, ...others]);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      fault: fc.constant('call' as const),
      call: fc.constantFrom(...FAILING_CALLS),
      nth: fc.integer({ min: 1, max: 8 }),
      times: fc.constantFrom(1, 1, 1, 2, 4, 8),
      effect: fc.constantFrom(...CALL_EFFECTS),
      delayMs: fc.constantFrom(10, SECOND, 10 * SECOND, 40 * SECOND),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constant('post' as const),
      nth: fc.integer({ min: 1, max: 8 }),
      effect: fc.constantFrom('kill_before' as const, 'kill_after' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constant('kill' as const),
      nth: fc.integer({ min: 1, max: 10 }),
      // While it reads, while it sends, between an answer and its record, while an endpoint hangs.
      afterMs: fc.oneof(
        fc.nat({ max: 200 }),
        fc.constantFrom(SECOND, 5 * SECOND + 50, 10 * SECOND, 31 * SECOND),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constant('down' as const),
      service: fc.constantFrom('dynamodb' as const, 'kms' as const, 'events' as const),
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
    arbitrary: fc.record({
      fault: fc.constantFrom('stale_counts' as const, 'frozen_connections_break' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ fault: fc.constant('throttle' as const), nth: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constant('copy' as const),
      nth: fc.integer({ min: 1, max: 10 }),
      afterMs: fc.constantFrom(0, 10, SECOND, 20 * SECOND, 130 * SECOND),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constant('bus_twice' as const),
      nth: fc.integer({ min: 1, max: 3 }),
      afterMs: fc.constantFrom(0, 10, SECOND, 100 * SECOND),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      fault: fc.constant('bus_cannot_invoke' as const),
      nth: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

export function scenarios(maxFaults: number): fc.Arbitrary<Scenario> {
  return fc.record({
    webhooks: fc.array(webhookSpec, { minLength: 1, maxLength: 4 }),
    crowd: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(10, 25, 60) },
    ),
    steps,
    faults: fc.array(fault, { maxLength: maxFaults }),
    environments: fc.constantFrom(20, 20, 2, 1),
  });
}
