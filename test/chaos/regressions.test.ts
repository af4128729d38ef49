import { describe, expect, it } from 'vitest';
import type { Fault } from '../../chaos/fault.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { play } from '../../chaos/play.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { createStage } from '../../chaos/stage.ts';
import { tellStory } from '../../chaos/story.ts';
import { late, scenario, webhook } from './scenarios.ts';

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
    claim: 'a copy does not give way to one that recorded its failure late, and froze before it went on',
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
    claim: 'a run that was frozen before it enqueued sends nothing unread to a webhook that is gone by then',
    scenario: scenario({
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'delete', at: 100_000, webhook: 0 },
        { do: 'publish', at: 200_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [
        { fault: 'bus_cannot_invoke', nth: 1 },
        late('Query', 1, 40_000),
        { ...late('PutItem', 1, 40_000), effects: ['delay_answer'] },
      ],
      environments: 1,
    }),
  },
  {
    claim: 'a 200 that outlived its batch is recorded although the time of that batch is up',
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl'] })],
      faults: [{ fault: 'stale_counts' }],
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
    claim: 'a connection that broke while its environment was frozen uses no attempt',
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl', 'ok'] })],
      faults: [{ fault: 'stale_counts' }, { fault: 'frozen_connections_break' }],
    }),
  },
];

describe('what once went wrong', () => {
  for (const { claim, scenario } of REGRESSIONS) {
    it(claim, async () => {
      const played = await play(scenario, stage);

      const violations = findViolations(scenario, played);
      expect(violations, tellStory(scenario, played, violations)).toEqual([]);
      // A fault that no longer happens makes its regression worthless.
      const happened = played.history.facts.filter(({ kind }) => kind === 'fault');
      expect(happened.length).toBeGreaterThanOrEqual(scenario.faults.filter(isInHistory).length);
    });
  }
});

/** These two change how queues and connections behave; they do not happen at one moment. */
function isInHistory({ fault }: Fault): boolean {
  return fault !== 'stale_counts' && fault !== 'frozen_connections_break';
}
