import fc from 'fast-check';
import type { Scenario, WebhookSpec } from '../../scenario.ts';
import { endOfWebhook, republish } from '../actions.ts';
import { copyAndWrite, recordFault } from '../fault-combinations.ts';
import { answersFrom } from '../webhooks.ts';

/** Two copies of one message, and a write of their record that is lost or late. */
export const twoCopies = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: answersFrom(
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
