import fc from 'fast-check';
import { scenarios } from './generate/scenarios.ts';
import { findViolations } from './invariants/index.ts';
import { formatReport } from './report.ts';
import { type RunSetup, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';

export interface CheckSettings {
  readonly seed: number;
  readonly runs: number;
  /** fast-check's path to one run of the seed, from an earlier failure. */
  readonly path?: string;
  /** The most faults of one scenario. Default: 6. */
  readonly maxFaults?: number;
}

export interface Failure {
  readonly seed: number;
  readonly path: string;
  /** The smallest failing scenario that was found. */
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  readonly report: string;
}

const DEFAULT_MAX_FAULTS = 6;
/** Runs to make a failing scenario smaller. Further tries rarely help a reader. */
const MAX_TRIES_TO_SHRINK = 150;

/** Runs random scenarios until one violates an invariant, and makes that one smaller. */
export async function checkRuns(setup: RunSetup, settings: CheckSettings): Promise<Failure | undefined> {
  const { seed, runs, path, maxFaults = DEFAULT_MAX_FAULTS } = settings;
  let broken = false;
  let triesLeft = MAX_TRIES_TO_SHRINK;
  const property = fc.asyncProperty(scenarios(maxFaults), async (scenario) => {
    if (broken && triesLeft-- <= 0) return;
    const violations = findViolations(scenario, await runScenario(scenario, setup));
    if (violations.length === 0) return;
    broken = true;
    throw new Error(violations.join('\n'));
  });
  const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  const [scenario] = details.counterexample ?? [];
  if (scenario === undefined) return undefined;
  const isBroken = async (candidate: Scenario): Promise<boolean> =>
    findViolations(candidate, await runScenario(candidate, setup)).length > 0;
  const smallest = await shrink(scenario, isBroken, MAX_TRIES_TO_SHRINK);
  const result = await runScenario(smallest, setup);
  const violations = findViolations(smallest, result);
  return {
    seed,
    path: details.counterexamplePath ?? '',
    scenario: smallest,
    violations,
    report: formatReport(smallest, result, violations),
  };
}
