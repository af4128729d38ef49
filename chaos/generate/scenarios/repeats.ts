import fc from 'fast-check';
import type { Scenario } from '../../scenario.ts';
import { enable, publish, repeatOrChange, republish } from '../actions.ts';
import { recordFault } from '../fault-combinations.ts';
import { anyFault } from '../faults.ts';
import { answers, answersFrom, oneWebhook } from '../webhooks.ts';
import { environments } from './environments.ts';

/** One webhook whose deliveries are held or exhausted, and are sent again in several ways at the same time. */
export const repeats = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: oneWebhook({
      state: fc.constantFrom('active', 'disabled', 'disabled'),
      answers: fc.oneof(
        answersFrom(
          ['ok'],
          ['error'],
          ['slow'],
          ['error', 'error', 'error', 'error', 'ok'],
          ['private', 'ok'],
        ),
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
