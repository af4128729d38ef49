import fc from 'fast-check';
import type { Scenario, WebhookSpec } from '../../scenario.ts';
import { customerRequest, publish } from '../actions.ts';
import { verificationFault } from '../fault-combinations.ts';
import { anyFault } from '../faults.ts';
import { answers, answersFrom } from '../webhooks.ts';
import { environments } from './environments.ts';

/** One webhook. Its customer changes its URL and its state while challenges are open. */
export const verification = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const),
        state: fc.constantFrom('active', 'active', 'pending', 'disabled'),
        markedSlow: fc.constant(false),
        answers,
        answersElsewhere: fc.oneof(
          answersFrom(
            ['ok'],
            ['slow'],
            ['crawl'],
            ['error'],
            ['wrong'],
            ['stale'],
            ['hang', 'ok'],
            ['slow', 'ok'],
          ),
          // The last attempt is open for so long that another challenge can start meanwhile.
          answersFrom(['error', 'error', 'error', 'hang'], ['error', 'error', 'error', 'crawl']),
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
