import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '../../chaos/generate/scenarios.ts';
import { factsOf } from '../../chaos/history.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { formatReport } from '../../chaos/report.ts';
import { type RunResult, runScenario } from '../../chaos/run-scenario.ts';
import type { Deployment, Scenario } from '../../chaos/scenario.ts';
import type { DeployedCode } from '../../chaos/simulation/deployed-code.ts';
import { MESSAGE_VERSION } from '../../lambdas/shared/domain/message.ts';
import { setup } from './default-setup.ts';
import { buildOtherVersion, OTHER_VERSION } from './other-version.ts';
import { scenario, webhook } from './scenarios.ts';

const SEED = Number(process.env.CHAOS_SEED ?? 1);
const RUNS = 8;
const SHIFT_MS = 60_000;
const LATER_MS = 600_000;

/** Reads the messages of this version, too. */
let compatible: DeployedCode;
/** Reads its own messages only. */
let incompatible: DeployedCode;

beforeAll(async () => {
  compatible = await buildOtherVersion([MESSAGE_VERSION, OTHER_VERSION]);
  incompatible = await buildOtherVersion([OTHER_VERSION]);
});

const run = (given: Scenario, otherCode: DeployedCode) => runScenario(given, { ...setup, otherCode });

function unknownVersions({ history }: RunResult): number {
  return factsOf(history.facts, 'fault').filter(({ fault }) => fault.kind === 'unknown_version').length;
}

const UPGRADE: readonly Deployment[] = [{ at: 2_000, shiftMs: SHIFT_MS, to: 'other' }];
const ROLLBACK: readonly Deployment[] = [
  { at: 0, shiftMs: 0, to: 'other' },
  { at: 2_000, shiftMs: SHIFT_MS, to: 'this' },
];

/** Its first two attempts fail, so that it has messages in several queues and for some time. */
const retried = scenario({ webhooks: [webhook({ answers: ['error', 'error', 'ok'] })] });

describe('two versions of the code at the same time', () => {
  it.each([
    { claim: 'an upgrade to code that reads both versions', deployments: UPGRADE, reads: 'both' },
    { claim: 'an upgrade to code that reads its own messages only', deployments: UPGRADE, reads: 'own' },
    { claim: 'a rollback to code that does not read the new messages', deployments: ROLLBACK, reads: 'own' },
    {
      claim: 'a shift that is rolled back and made again',
      deployments: [
        { at: 1_000, shiftMs: LATER_MS, to: 'other' },
        { at: 30_000, shiftMs: 0, to: 'this' },
        { at: LATER_MS, shiftMs: SHIFT_MS, to: 'other' },
      ] as const,
      reads: 'both',
    },
  ])('$claim loses and duplicates nothing under random faults [FAULT-14]', async ({ deployments, reads }) => {
    const otherCode = reads === 'both' ? compatible : incompatible;
    let met = 0;
    for (const random of fc.sample(scenarios(3), { seed: SEED, numRuns: RUNS })) {
      const given = { ...random, deployments };

      const result = await run(given, otherCode);

      const violations = findViolations(given, result);
      expect(violations, formatReport(given, result, violations)).toEqual([]);
      met += unknownVersions(result);
    }
    // Otherwise no run would have had anything to lose.
    expect(met).toBeGreaterThan(0);
  });

  it('makes every attempt on time when the new code reads the messages that are queued', async () => {
    const given = { ...retried, deployments: [{ at: 1_500, shiftMs: 0, to: 'other' }] as const };

    const result = await run(given, compatible);

    expect(unknownVersions(result)).toBe(0);
    expect(findViolations(given, result)).toEqual([]);
    expect(factsOf(result.history.facts, 'posted')).toHaveLength(3);
  });

  it('keeps a message of an unknown version on its queue until a deployment reads it [FAULT-14]', async () => {
    const given: Scenario = {
      ...retried,
      deployments: [
        { at: 0, shiftMs: 0, to: 'other' },
        { at: 1_500, shiftMs: 0, to: 'this' },
        { at: LATER_MS, shiftMs: 0, to: 'other' },
      ],
    };

    const result = await run(given, compatible);

    const { history, finalState } = result;
    expect(unknownVersions(result)).toBeGreaterThan(1);
    const [first, ...others] = factsOf(history.facts, 'posted').map(({ at }) => at - history.startedAt);
    expect(first).toBeLessThan(1_500);
    expect(others.every((at) => at >= LATER_MS)).toBe(true);
    expect(finalState.records).toMatchObject([{ status: 'delivered' }]);
    expect(finalState.queues.Unreadable ?? []).toEqual([]);
    expect(finalState.queues.Poison ?? []).toEqual([]);
    expect(findViolations(given, result)).toEqual([]);
  });

  it('moves a message that no deployment reads to the poison queue, whole [FAULT-14]', async () => {
    const given: Scenario = {
      ...retried,
      deployments: [
        { at: 0, shiftMs: 0, to: 'other' },
        { at: 1_500, shiftMs: 0, to: 'this' },
      ],
    };

    const result = await run(given, incompatible);

    const { Poison: poison = [], Unreadable: unreadable = [] } = result.finalState.queues;
    expect(poison.map((body) => JSON.parse(body))).toMatchObject([{ v: OTHER_VERSION, attempt: 2 }]);
    expect(unreadable).toEqual([]);
    expect(findViolations(given, result)).toEqual([]);
  });
});
