import fc from 'fast-check';
import { scenarios } from './generate.ts';
import { findViolations } from './invariants/index.ts';
import { play, type Stage } from './play.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { tellStory } from './story.ts';

export interface CheckSettings {
  readonly seed: number;
  readonly runs: number;
  /** Where in a seed's runs the one to play again is, as a failure tells. */
  readonly path?: string;
  /** Default: 6. */
  readonly maxFaults?: number;
}

export interface Failure {
  readonly seed: number;
  readonly path: string;
  /** The smallest scenario that was found. */
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  readonly story: string;
}

const DEFAULT_MAX_FAULTS = 6;
/** Small enough to read is small enough. */
const MAX_TRIES_TO_SHRINK = 150;

/** Plays random scenarios until one breaks an invariant, and makes that one small. */
export async function checkRuns(stage: Stage, settings: CheckSettings): Promise<Failure | undefined> {
  const { seed, runs, path, maxFaults = DEFAULT_MAX_FAULTS } = settings;
  let broken = false;
  let triesLeft = MAX_TRIES_TO_SHRINK;
  const property = fc.asyncProperty(scenarios(maxFaults), async (scenario) => {
    if (broken && triesLeft-- <= 0) return;
    const violations = findViolations(scenario, await play(scenario, stage));
    if (violations.length === 0) return;
    broken = true;
    throw new Error(violations.join('\n'));
  });
  const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  const [scenario] = details.counterexample ?? [];
  if (scenario === undefined) return undefined;
  const isBroken = async (candidate: Scenario): Promise<boolean> =>
    findViolations(candidate, await play(candidate, stage)).length > 0;
  const smallest = await shrink(scenario, isBroken, MAX_TRIES_TO_SHRINK);
  return { seed, path: details.counterexamplePath ?? '', ...(await explain(stage, smallest)) };
}

/** Plays one scenario and tells what happened. */
export async function explain(
  stage: Stage,
  scenario: Scenario,
): Promise<Pick<Failure, 'scenario' | 'violations' | 'story'>> {
  const played = await play(scenario, stage);
  const violations = findViolations(scenario, played);
  return { scenario, violations, story: tellStory(scenario, played, violations) };
}
