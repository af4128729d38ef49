import { describe, expect, it } from 'vitest';
import { factsOf } from '../../chaos/history.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type Played, play } from '../../chaos/play.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { createStage } from '../../chaos/stage.ts';
import { tellStory } from '../../chaos/story.ts';
import { late, MULTIPLIED, scenario, webhook } from './scenarios.ts';

const stage = await createStage();

/** Scenarios that once broke an invariant, made small. A new one is added with its fix. */
const REGRESSIONS: readonly { readonly claim: string; readonly scenario: Scenario }[] = [
  {
    claim: 'a webhook that cannot be read when its event is run again was not deleted: it is held',
    scenario: scenario({
      webhooks: [webhook({ markedSlow: true })],
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
        { do: 'break_item', at: 1_100, webhook: 0 },
        { do: 'publish', at: 1_200, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [{ fault: 'post', nth: 1, effect: 'kill_before' }],
    }),
  },
  {
    claim: 'a failure that is recorded when the time of its function is over is continued by a later run',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang'] })],
      faults: [{ ...late('UpdateItem', 1, 40_000), on: 'deliveries' }],
    }),
  },
  {
    claim: 'a 200 that comes late is not sent again because its record takes longer than the function has',
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl'] })],
      faults: [{ fault: 'down', service: 'dynamodb', from: 5_000, forMs: 60_000, slowly: true }],
    }),
  },
  {
    claim: 'a message that is enqueued late is not sent to a webhook that was deleted before',
    scenario: scenario({
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'delete', at: 80_000, webhook: 0 },
        { do: 'publish', at: 200_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [late('Query', 1, 40_000), { ...late('PutItem', 1, 40_000), effects: ['delay_answer'] }],
      environments: 1,
    }),
  },
  {
    claim: 'a delivery that is held comes back until that is recorded',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error'] })],
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'disable', at: 1_500, webhook: 0 },
      ],
      faults: [{ ...late('UpdateItem', 2, 0), on: 'deliveries', effects: ['fail', 'fail', 'fail', 'fail'] }],
    }),
  },
  {
    claim: 'a failure that is recorded late does not continue a delivery that was held since',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang', 'ok'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'disable', at: 0, webhook: 0 },
      ],
      faults: [{ ...late('UpdateItem', 1, 40_000), on: 'deliveries', effects: ['fail', 'delay'] }],
    }),
  },
  {
    claim: 'an attempt that can neither be recorded nor followed up is made again',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      faults: [
        { ...late('UpdateItem', 1, 0), on: 'deliveries', effects: ['fail', 'fail', 'fail', 'fail'] },
        {
          fault: 'call',
          call: 'sqs:SendMessageBatch',
          nth: 2,
          effects: ['fail', 'fail', 'fail', 'fail'],
          delayMs: 0,
        },
      ],
    }),
  },
  {
    // One copy is returned after a crash, another was delivered late. Both wait until the same time.
    claim: 'of two waiting copies that become overdue together, one takes over',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'ok'] })],
      faults: [
        { ...late('UpdateItem', 1, 0), on: 'deliveries', effects: ['kill_after'] },
        { fault: 'message_twice', nth: 2, afterMs: 99_500 },
        { ...late('UpdateItem', 2, 5_000), on: 'deliveries' },
      ],
    }),
  },
];

const ATTEMPTS = 4;

describe('what once went wrong', () => {
  for (const { claim, scenario } of REGRESSIONS) {
    it(claim, async () => {
      const played = await play(scenario, stage);

      expectNoViolation(scenario, played);
    });
  }

  it('copies do not multiply: one request for each attempt, and one more for each fault', async () => {
    const played = await play(MULTIPLIED, stage);

    const attempts = factsOf(played.history.facts, 'posted').map(
      ({ headers }) => headers['X-Webhook-Attempt'],
    );
    expectNoViolation(MULTIPLIED, played);
    expect(new Set(attempts).size).toBe(ATTEMPTS);
    expect(attempts.length).toBeLessThanOrEqual(ATTEMPTS + MULTIPLIED.faults.length);
  });
});

function expectNoViolation(scenario: Scenario, played: Played): void {
  const violations = findViolations(scenario, played);
  expect(violations, tellStory(scenario, played, violations)).toEqual([]);
  // A fault that no longer happens makes its regression worthless.
  expect(factsOf(played.history.facts, 'fault').length).toBeGreaterThanOrEqual(scenario.faults.length);
}
