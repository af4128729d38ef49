import fc from 'fast-check';
import { scenarios } from '../generate.ts';
import { findViolations } from '../invariants/index.ts';
import type { Scenario } from '../scenario.ts';
import { tellStory } from '../story.ts';
import type { LiveStage } from './assembly.ts';
import { playLive } from './play.ts';
import { scaleDown } from './scale-down.ts';

export interface LiveCheck {
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  readonly story: string;
}

/** The scenarios of a seed, small enough for real time. */
export function liveScenarios(settings: { seed: number; runs: number; maxFaults: number }): Scenario[] {
  const { seed, runs, maxFaults } = settings;
  return fc.sample(scenarios(maxFaults), { seed, numRuns: runs }).map(scaleDown);
}

export async function checkLive(scenario: Scenario, stage: LiveStage): Promise<LiveCheck> {
  const played = await playLive(scenario, stage);
  const violations = findViolations(scenario, played);
  return { scenario, violations, story: tellStory(scenario, played, violations) };
}
