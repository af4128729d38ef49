import fc from 'fast-check';
import { scenarios } from '../generate/scenarios.ts';
import { findViolations } from '../invariants/index.ts';
import { formatReport } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import type { LiveSetup } from './live-setup.ts';
import { runLiveScenario } from './run-live-scenario.ts';
import { scaleDown } from './scale-down.ts';

export interface LiveCheck {
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  readonly report: string;
}

/** The scenarios of a seed, scaled down to real time. */
export function liveScenarios(settings: { seed: number; runs: number; maxFaults: number }): Scenario[] {
  const { seed, runs, maxFaults } = settings;
  return fc.sample(scenarios(maxFaults), { seed, numRuns: runs }).map(scaleDown);
}

/** Runs a scenario on a local cloud and checks the invariants. */
export async function checkLiveRun(scenario: Scenario, setup: LiveSetup): Promise<LiveCheck> {
  const result = await runLiveScenario(scenario, setup);
  const violations = findViolations(scenario, result);
  return { scenario, violations, report: formatReport(scenario, result, violations) };
}
