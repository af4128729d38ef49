import fc from 'fast-check';
import {
  CORRUPTIONS,
  EVENT_TYPES,
  GIVEN_SECRETS,
  LANE_NAMES,
  REQUESTS_FOR_A_WEBHOOK,
  UNREADABLE_MESSAGES,
  type UserAction,
} from '../actions/user-action.ts';
import { ACCOUNTS } from '../scenario.ts';
import { HOUR, MINUTE, SECOND } from './durations.ts';

const account = fc.nat({ max: ACCOUNTS - 1 });
/** Low indexes are more likely, since most scenarios have few webhooks. */
const webhook = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 3 }) },
);

/** Mostly close together, so that actions overlap; some after everything else has ended. */
export const at = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 5 * SECOND }) },
  { weight: 3, arbitrary: fc.nat({ max: 5 * MINUTE }) },
  { weight: 1, arbitrary: fc.nat({ max: 2 * HOUR }) },
);

export const publish: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constant('publish' as const),
  at,
  account,
  event: fc.nat({ max: 3 }),
  type: fc.constantFrom(...EVENT_TYPES),
  // Body 2 is long. More of them make a run slow and find nothing else.
  body: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 1 }) }, { weight: 1, arbitrary: fc.constant(2) }),
});

/** Publishes an event of the first account. `time` is in milliseconds. */
export function publishAt(time: number, event: number): UserAction {
  return { do: 'publish', at: time, account: 0, event, type: 'file.uploaded', body: 0 };
}

/** One event, in one of three cases published again. */
export const republish: fc.Arbitrary<UserAction[]> = fc
  .tuple(fc.nat({ max: SECOND }), fc.option(at, { freq: 3 }))
  .map(([first, again]) => [first, ...(again === null ? [] : [again])].map((time) => publishAt(time, 0)));

/** A request for the first webhook, within the time of a challenge's four attempts. */
export const customerRequest: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constantFrom(
    'repoint',
    'repoint',
    'repoint_again',
    'repoint_back',
    'verify',
    'disable',
    'enable',
    'delete',
    'narrow',
    'widen',
    'test',
  ),
  at: fc.oneof(
    fc.nat({ max: 2 * SECOND }),
    fc.nat({ max: 40 * SECOND }),
    // While the fourth attempt of the first challenge is open, if the endpoint does not respond.
    fc.integer({ min: 36 * SECOND, max: 66 * SECOND }),
    fc.nat({ max: 5 * MINUTE }),
  ),
  webhook: fc.constant(0),
});

/** The first webhook is deleted or disabled while its first attempt is open, if the endpoint does not respond. */
export const endOfWebhook: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constantFrom('delete', 'disable'),
  at: fc.nat({ max: 20 * SECOND }),
  webhook: fc.constant(0),
});

/** A request for the first webhook while its deliveries fail. */
export const failingRequest: fc.Arbitrary<UserAction> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('enable', 'enable', 'disable', 'repoint', 'test'),
      at: fc.nat({ max: 15 * MINUTE }),
      webhook: fc.constant(0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('redrive' as const),
      at: fc.nat({ max: 20 * MINUTE }),
      to: fc.constantFrom(...LANE_NAMES),
    }),
  },
);

/** Close together, so that events are dispatched before, between and after the writes of a change. */
export const duringChanges = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 3 * SECOND }) },
  { weight: 2, arbitrary: fc.nat({ max: 20 * SECOND }) },
  // When dispatchers no longer wait for an announced change that was not completed.
  { weight: 1, arbitrary: fc.integer({ min: 100 * SECOND, max: 140 * SECOND }) },
);

/** A change of one of three webhooks of an account that receives events. */
export const changeOfWebhook: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constantFrom('disable', 'enable', 'delete', 'narrow', 'widen', 'repoint', 'verify'),
  at: duringChanges,
  webhook: fc.nat({ max: 2 }),
});

/** A request for the first webhook while its delivery is retried. */
export const deliveryRequest: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constantFrom('narrow', 'narrow', 'widen', 'disable', 'enable', 'delete', 'repoint'),
  at: fc.oneof(fc.nat({ max: 5 * SECOND }), fc.nat({ max: 40 * SECOND }), fc.nat({ max: 5 * MINUTE })),
  webhook: fc.constant(0),
});

const GRACE_SECONDS = [0, 1, 4, 30, 600] as const;

/** Many rotations are equal, so that an Idempotency-Key is often repeated with the same body. */
const rotationOf = (of: fc.Arbitrary<number>, time: fc.Arbitrary<number>): fc.Arbitrary<UserAction> =>
  fc
    .record({
      do: fc.constant('rotate' as const),
      at: time,
      webhook: of,
      secret: fc.constantFrom(undefined, undefined, ...GIVEN_SECRETS),
      graceSeconds: fc.constantFrom(undefined, undefined, ...GRACE_SECONDS),
      key: fc.constantFrom(undefined, undefined, 0, 1),
    })
    .map(({ secret, graceSeconds, key, ...rest }) => ({
      ...rest,
      ...(secret === undefined ? {} : { secret }),
      ...(graceSeconds === undefined ? {} : { graceSeconds }),
      ...(key === undefined ? {} : { key }),
    }));

/** A rotation of the first webhook's secret while its deliveries are retried. */
export const rotation: fc.Arbitrary<UserAction> = rotationOf(
  fc.constant(0),
  fc.oneof(fc.nat({ max: 5 * SECOND }), fc.nat({ max: 45 * SECOND }), fc.nat({ max: 5 * MINUTE })),
);

const RECOVERED = ['held', 'exhausted', 'both', 'both'] as const;

/** A request of a customer that sends deliveries of a webhook again. */
const repeatOf = (of: fc.Arbitrary<number>, time: fc.Arbitrary<number>): fc.Arbitrary<UserAction> =>
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('resend' as const),
        at: time,
        webhook: of,
        nth: fc.nat({ max: 2 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('recover' as const),
        at: time,
        webhook: of,
        status: fc.constantFrom(...RECOVERED),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('stop_recovery' as const), at: time, webhook: of }),
    },
  );

/** Enables the first webhook before most of the `repeatOrChange` actions. */
export const enable: fc.Arbitrary<UserAction> = fc.record({
  do: fc.constant('enable' as const),
  at: fc.integer({ min: 5 * SECOND, max: 45 * SECOND }),
  webhook: fc.constant(0),
});

/** Times after four failed attempts, mostly close together, so that the actions overlap. */
const afterFourFailures = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 45 * SECOND, max: 50 * SECOND }) },
  { weight: 4, arbitrary: fc.integer({ min: 45 * SECOND, max: 4 * MINUTE }) },
  { weight: 1, arbitrary: fc.nat({ max: 20 * MINUTE }) },
);

/**
 * An action that sends deliveries of the first webhook again, or changes the webhook meanwhile. Many of them happen at
 * the same time.
 */
export const repeatOrChange: fc.Arbitrary<UserAction> = fc.oneof(
  { weight: 7, arbitrary: repeatOf(fc.constant(0), afterFourFailures) },
  { weight: 1, arbitrary: rotationOf(fc.constant(0), afterFourFailures) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('enable', 'enable', 'disable', 'disable', 'delete', 'repoint'),
      at: afterFourFailures,
      webhook: fc.constant(0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      at: afterFourFailures,
      account: fc.constant(0),
      event: fc.nat({ max: 1 }),
      type: fc.constant('file.uploaded' as const),
      body: fc.constant(0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('redrive' as const),
      at: afterFourFailures,
      to: fc.constantFrom(...LANE_NAMES),
    }),
  },
);

/** Every kind of action but `publish` and `create`. */
export const anyAction: fc.Arbitrary<UserAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(...REQUESTS_FOR_A_WEBHOOK),
      at,
      webhook,
    }),
  },
  { weight: 2, arbitrary: repeatOf(webhook, at) },
  { weight: 2, arbitrary: rotationOf(webhook, at) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom(...CORRUPTIONS), at, webhook }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('redrive' as const),
      at,
      to: fc.constantFrom(...LANE_NAMES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('poison' as const),
      at,
      queue: fc.constantFrom(...LANE_NAMES),
      as: fc.constantFrom(...UNREADABLE_MESSAGES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish_invalid' as const), at, account }) },
);
