import fc from 'fast-check';
import type { Fault } from '../../../local/faults/fault.ts';
import type { Answers, Scenario, WebhookSpec } from '../../scenario.ts';
import { deliveryRequest, republish } from '../actions.ts';
import { answers, answersFrom } from '../webhooks.ts';
import { environments } from './environments.ts';

/** One delivery, with copies that write its record at the same time. */
export const oneRecord = (faults: fc.Arbitrary<Fault[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc
      .record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const),
        state: fc.constant('active' as const),
        markedSlow: fc.boolean(),
        answers: fc.oneof(
          answersFrom(
            ['error'],
            ['hang'],
            ['slow'],
            ['hang', 'slow'],
            ['hang', 'error', 'ok'],
            ['slow', 'error'],
          ),
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
