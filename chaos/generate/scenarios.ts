import fc from 'fast-check';
import type { Fault } from '../../local/faults/fault.ts';
import type { UserAction } from '../actions/user-action.ts';
import {
  ACCOUNTS,
  ANSWERS,
  type Answers,
  type RetryDelays,
  type Scenario,
  SUBSCRIPTIONS,
  type WebhookSpec,
} from '../scenario.ts';
import {
  anyAction,
  changeOfWebhook,
  customerRequest,
  deliveryRequest,
  duringChanges,
  enable,
  endOfWebhook,
  failingRequest,
  publish,
  repeatOrChange,
  republish,
  rotation,
} from './actions.ts';
import { MINUTE } from './durations.ts';
import {
  copyAndWrite,
  recordFault,
  takeoverFaults,
  verificationFault,
  versionFault,
} from './fault-combinations.ts';
import { anyFault } from './faults.ts';

const list = fc.constantFrom<Answers[]>;

const answers: fc.Arbitrary<Answers> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Answers>(['ok']) },
  // Retries last so long that other actions and faults happen meanwhile.
  {
    weight: 1,
    arbitrary: list(['busy', 'ok'], ['busy'], ['error', 'throttled', 'ok'], ['throttled', 'hang']),
  },
  { weight: 2, arbitrary: list(['hang', 'ok'], ['slow'], ['crawl'], ['error', 'slow']) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...ANSWERS), fc.array(fc.constantFrom(...ANSWERS), { maxLength: 3 }))
      .map(([first, rest]): Answers => [first, ...rest]),
  },
);

const webhookSpec: fc.Arbitrary<WebhookSpec> = fc.record({
  account: fc.nat({ max: ACCOUNTS - 1 }),
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

const environments = fc.constantFrom(20, 20, 2, 1);

/** Several webhooks, with all kinds of actions and faults. */
const anything = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc.array(webhookSpec, { minLength: 1, maxLength: 4 }),
    extraWebhooks: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(10, 25, 60) },
    ),
    actions: fc
      .tuple(fc.array(publish, { minLength: 1, maxLength: 4 }), fc.array(anyAction, { maxLength: 4 }))
      .map(([published, others]) => [...published, ...others]),
    faults: fc.array(anyFault, { maxLength: maxFaults }),
    environments,
  });

/** One webhook. Its customer changes its URL and its state while challenges are open. */
const verification = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const),
        state: fc.constantFrom('active', 'active', 'pending', 'disabled'),
        markedSlow: fc.constant(false),
        answers,
        answersElsewhere: fc.oneof(
          list(['ok'], ['slow'], ['crawl'], ['error'], ['wrong'], ['stale'], ['hang', 'ok'], ['slow', 'ok']),
          // The last attempt is open for so long that another challenge can start meanwhile.
          list(['error', 'error', 'error', 'hang'], ['error', 'error', 'error', 'crawl']),
          answers,
        ),
      })
      .map((webhook): WebhookSpec[] => [webhook]),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(fc.array(publish, { maxLength: 1 }), fc.array(customerRequest, { minLength: 2, maxLength: 7 }))
      .map(([published, requests]) => [...published, ...requests]),
    faults: fc.array(fc.oneof(verificationFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });

/** One delivery, with copies that write its record at the same time. */
const oneRecord = (faults: fc.Arbitrary<Fault[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const),
        state: fc.constant('active' as const),
        markedSlow: fc.boolean(),
        answers: fc.oneof(
          list(['error'], ['hang'], ['slow'], ['hang', 'slow'], ['hang', 'error', 'ok'], ['slow', 'error']),
          answers,
        ),
        answersElsewhere: fc.constant<Answers>(['ok']),
      })
      .map((webhook): WebhookSpec[] => [webhook]),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(republish, fc.array(deliveryRequest, { maxLength: 2 }))
      .map(([published, requests]) => [...published, ...requests]),
    faults,
    environments,
  });

/** Two copies of one message, and a write of their record that is lost or late. */
const twoCopies = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: list(
      ['hang', 'crawl', 'error'],
      ['hang'],
      ['error', 'hang', 'error'],
      ['crawl', 'hang', 'ok'],
    ).map((given): WebhookSpec[] => [
      {
        account: 0,
        events: '*',
        state: 'active',
        markedSlow: false,
        answers: given,
        answersElsewhere: ['ok'],
      },
    ]),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(republish, fc.array(endOfWebhook, { maxLength: 1 }))
      .map(([published, ends]) => [...published, ...ends]),
    faults: fc
      .tuple(copyAndWrite, fc.array(recordFault, { maxLength: 1 }))
      .map(([both, others]) => [...both, ...others].slice(0, maxFaults)),
    environments: fc.constantFrom(20, 2),
  });

/**
 * A webhook that keeps failing, with small thresholds, so that it is warned about and disabled. Some have successes in
 * between. Another webhook answers, so that failures without an answer count, too.
 */
const failing = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        answers: list(
          ['error'],
          ['error'],
          ['redirect'],
          ['unreachable'],
          ['private'],
          ['gone'],
          ['error', 'hang'],
        ),
        okEvents: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 })),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const),
        listener: fc.constantFrom('*,webhook.*' as const, 'webhook.*' as const),
      })
      .map(({ listener, ...given }): WebhookSpec[] => [
        { ...given, account: 0, state: 'active', markedSlow: false, answersElsewhere: ['ok'] },
        {
          account: 0,
          events: listener,
          state: 'active',
          markedSlow: false,
          answers: ['ok'],
          answersElsewhere: ['ok'],
        },
      ]),
    extraWebhooks: fc.constant(0),
    disableAfter: fc.record({
      exhausted: fc.integer({ min: 1, max: 4 }),
      hours: fc.constantFrom(0, 0.005, 0.02, 0.1),
    }),
    actions: fc
      .tuple(
        fc.array(fc.nat({ max: 15 * MINUTE }), { minLength: 3, maxLength: 12 }),
        fc.array(failingRequest, { maxLength: 3 }),
      )
      .map(([times, requests]) => [
        ...times.map(
          (time, event): UserAction => ({
            do: 'publish',
            at: time,
            account: 0,
            event,
            type: 'file.uploaded',
            body: 0,
          }),
        ),
        ...requests,
      ]),
    faults: fc.array(fc.oneof(recordFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });

/** Mostly the published delays; some that are too long for a queue. */
const retryDelays: fc.Arbitrary<Pick<Scenario, 'retryDelaysSeconds'>> = fc.oneof(
  { weight: 7, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<RetryDelays[]>([1, 5, 2_000], [1, 1_800, 5], [1_000, 5, 30])
      .map((retryDelaysSeconds) => ({ retryDelaysSeconds })),
  },
);

/** One webhook, which may subscribe to system events, too. At another URL, all requests succeed. */
const oneWebhook = (of: {
  readonly state: fc.Arbitrary<WebhookSpec['state']>;
  readonly answers: fc.Arbitrary<Answers>;
}): fc.Arbitrary<WebhookSpec[]> =>
  fc
    .record({
      account: fc.constant(0),
      events: fc.constantFrom('*' as const, '*,webhook.*' as const),
      state: of.state,
      markedSlow: fc.boolean(),
      answers: of.answers,
      answersElsewhere: fc.constant<Answers>(['ok']),
    })
    .map((webhook): WebhookSpec[] => [webhook]);

/** One webhook whose deliveries are held or exhausted, and are sent again in several ways at the same time. */
const repeats = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: oneWebhook({
      state: fc.constantFrom('active', 'disabled', 'disabled'),
      answers: fc.oneof(
        list(['ok'], ['error'], ['slow'], ['error', 'error', 'error', 'error', 'ok'], ['private', 'ok']),
        answers,
      ),
    }),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(
        republish,
        fc.array(publish, { maxLength: 2 }),
        fc.option(enable, { freq: 9 }),
        fc.array(repeatOrChange, { minLength: 2, maxLength: 8 }),
      )
      .map(([published, others, enabled, repeatsAndChanges]) => [
        ...published,
        ...others,
        ...(enabled === null ? [] : [enabled]),
        ...repeatsAndChanges,
      ]),
    faults: fc.array(fc.oneof(recordFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });

/** One webhook whose secret is rotated while its deliveries and its challenges are retried. */
const rotations = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: oneWebhook({
      state: fc.constantFrom('active', 'active', 'active', 'pending', 'disabled', 'sealed_elsewhere'),
      answers,
    }),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(
        republish,
        fc.array(publish, { maxLength: 3 }),
        fc.array(rotation, { minLength: 2, maxLength: 7 }),
        fc.array(fc.oneof(deliveryRequest, customerRequest), { maxLength: 2 }),
      )
      .map((parts) => parts.flat()),
    faults: fc.array(fc.oneof(verificationFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });

/** Many events of an account whose webhooks the dispatcher keeps, while its customer changes them. */
const busyAccount = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc.array(
      fc.record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const, 'file.*' as const),
        state: fc.constantFrom('active' as const, 'active' as const, 'pending' as const, 'disabled' as const),
        markedSlow: fc.constant(false),
        answers: list(['ok'], ['ok'], ['slow'], ['error', 'ok']),
        answersElsewhere: list(['ok'], ['slow'], ['error', 'ok']),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    extraWebhooks: fc.constant(0),
    keepListsFrom: fc.constant(1),
    actions: fc
      .tuple(
        fc.array(duringChanges, { minLength: 4, maxLength: 12 }),
        fc.array(changeOfWebhook, { minLength: 1, maxLength: 5 }),
      )
      .map(([times, changes]) => [
        ...times.map(
          (time, event): UserAction => ({
            do: 'publish',
            at: time,
            account: 0,
            event,
            type: 'file.uploaded',
            body: 0,
          }),
        ),
        ...changes,
      ]),
    faults: fc.array(fc.oneof(versionFault, versionFault, verificationFault, anyFault), {
      maxLength: Math.min(maxFaults, 3),
    }),
    environments: fc.constantFrom(1, 1, 2, 20),
  });

/** The random mix of scenarios. `maxFaults`: the most faults of one scenario. */
export function scenarios(maxFaults: number): fc.Arbitrary<Scenario> {
  return fc.tuple(mix(maxFaults), retryDelays).map(([scenario, delays]) => ({
    ...keepingLists(scenario),
    ...scenario,
    ...delays,
    ...listening(scenario),
  }));
}

/**
 * Adds a listener to about a third of the scenarios. It draws no random number, so that the other parts do not depend
 * on it.
 */
function listening({ actions, faults }: Scenario): Pick<Scenario, 'listens'> {
  return (actions.length + faults.length) % 3 === 0 ? { listens: true } : {};
}

/**
 * In half of the scenarios, the dispatcher keeps the lists of webhooks of every account. It draws no random number
 * either.
 */
function keepingLists({ actions, faults }: Scenario): Pick<Scenario, 'keepListsFrom'> {
  return (actions.length + faults.length) % 2 === 0 ? { keepListsFrom: 1 } : {};
}

function mix(maxFaults: number): fc.Arbitrary<Scenario> {
  return fc.oneof(
    { weight: 5, arbitrary: anything(maxFaults) },
    { weight: 2, arbitrary: verification(maxFaults) },
    { weight: 2, arbitrary: oneRecord(fc.array(recordFault, { maxLength: maxFaults })) },
    { weight: 1, arbitrary: oneRecord(takeoverFaults.map((faults) => faults.slice(0, maxFaults))) },
    { weight: 1, arbitrary: twoCopies(maxFaults) },
    { weight: 2, arbitrary: failing(maxFaults) },
    { weight: 2, arbitrary: repeats(maxFaults) },
    { weight: 2, arbitrary: rotations(maxFaults) },
    { weight: 2, arbitrary: busyAccount(maxFaults) },
  );
}
