import fc from 'fast-check';
import type { RetryDelays, Scenario } from '../scenario.ts';
import { recordFault, takeoverFaults } from './fault-combinations.ts';
import { anything } from './scenarios/anything.ts';
import { busyAccount } from './scenarios/busy-account.ts';
import { failing } from './scenarios/failing.ts';
import { oneRecord } from './scenarios/one-record.ts';
import { repeats } from './scenarios/repeats.ts';
import { rotations } from './scenarios/rotations.ts';
import { twoCopies } from './scenarios/two-copies.ts';
import { verification } from './scenarios/verification.ts';

/** The random mix of scenarios. `maxFaults`: the most faults of one scenario. */
export function scenarios(maxFaults: number): fc.Arbitrary<Scenario> {
  return fc.tuple(mix(maxFaults), retryDelays).map(([scenario, delays]) => ({
    ...keepingLists(scenario),
    ...scenario,
    ...delays,
    ...listening(scenario),
  }));
}

function mix(maxFaults: number): fc.Arbitrary<Scenario> {
  return fc.oneof(
    { weight: 5, arbitrary: anything(maxFaults) },
    { weight: 2, arbitrary: verification(maxFaults) },
    { weight: 2, arbitrary: oneRecord(fc.array(recordFault, { maxLength: maxFaults })) },
    { weight: 1, arbitrary: oneRecord(takeoverFaults.map((faults) => faults.slice(0, maxFaults))) },
    { weight: 1, arbitrary: twoCopies(maxFaults) },
    { weight: 2, arbitrary: failing(maxFaults) },
    { weight: 2, arbitrary: repeats(maxFaults) },
    { weight: 2, arbitrary: rotations(maxFaults) },
    { weight: 2, arbitrary: busyAccount(maxFaults) },
  );
}

/** Mostly the published delays; some that are too long for a queue. */
const retryDelays: fc.Arbitrary<Pick<Scenario, 'retryDelaysSeconds'>> = fc.oneof(
  { weight: 7, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<RetryDelays[]>([1, 5, 2_000], [1, 1_800, 5], [1_000, 5, 30])
      .map((retryDelaysSeconds) => ({ retryDelaysSeconds })),
  },
);

/**
 * Adds a listener to about a third of the scenarios. It draws no random number, so that the other parts do not depend
 * on it.
 */
function listening({ actions, faults }: Scenario): Pick<Scenario, 'listens'> {
  return (actions.length + faults.length) % 3 === 0 ? { listens: true } : {};
}

/**
 * In half of the scenarios, the dispatcher keeps the lists of webhooks of every account. It draws no random number
 * either.
 */
function keepingLists({ actions, faults }: Scenario): Pick<Scenario, 'keepListsFrom'> {
  return (actions.length + faults.length) % 2 === 0 ? { keepListsFrom: 1 } : {};
}
