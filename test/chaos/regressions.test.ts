import { describe, expect, it } from 'vitest';
import { explain } from '../../chaos/check.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { createStage } from '../../chaos/stage.ts';
import { scenario, webhook } from './scenarios.ts';

const stage = await createStage();

/** What a run once broke, made small. A new one goes here with the mending that it led to. */
const REGRESSIONS: readonly { readonly claim: string; readonly scenario: Scenario }[] = [
  {
    claim: 'a webhook that cannot be read when its event is run again was not deleted: it is held',
    scenario: scenario({
      webhooks: [webhook({ markedSlow: true })],
      steps: [
        { do: 'publish', at: 1_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
        { do: 'break_item', at: 1_100, webhook: 0 },
        { do: 'publish', at: 1_200, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [{ fault: 'post', nth: 1, effect: 'kill_before' }],
    }),
  },
];

describe('what once went wrong', () => {
  for (const { claim, scenario } of REGRESSIONS) {
    it(claim, async () => {
      const { violations, story } = await explain(stage, scenario);

      expect(violations, story).toEqual([]);
    });
  }
});
