import fc from 'fast-check';
import type { Scenario, WebhookSpec } from '../../scenario.ts';
import { failingRequest, publishAt } from '../actions.ts';
import { MINUTE } from '../durations.ts';
import { recordFault } from '../fault-combinations.ts';
import { anyFault } from '../faults.ts';
import { answersFrom } from '../webhooks.ts';
import { environments } from './environments.ts';

/**
 * A webhook that keeps failing, with small thresholds, so that it is warned about and disabled. Some have successes in
 * between. Another webhook answers, so that failures without an answer count, too.
 */
export const failing = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        answers: answersFrom(
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
      .map(([times, requests]) => [...times.map(publishAt), ...requests]),
    faults: fc.array(fc.oneof(recordFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });
