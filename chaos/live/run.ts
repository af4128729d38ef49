import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { prepareStage } from './assembly.ts';
import { checkLive, liveScenarios } from './check.ts';

export interface LiveSettings {
  readonly seed: number;
  readonly runs: number;
  readonly maxFaults: number;
  /** Clouds at once. */
  readonly atOnce: number;
  readonly say: (text: string) => void;
}

/** Plays the scenarios of a seed on local clouds, and resolves to how many of them broke an invariant. */
export async function runLive({ say, atOnce, ...settings }: LiveSettings): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'chaos-live-'));
  try {
    const variables = { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' };
    const outputDirectory = path.join(directory, 'cdk.out');
    const stage = await prepareStage(await synthesize({ outputDirectory, variables }));
    let broken = 0;
    await inParallel(liveScenarios(settings), atOnce, async (scenario) => {
      const { violations, story } = await checkLive(scenario, stage);
      if (violations.length === 0) return;
      broken++;
      say(story);
    });
    await stage.remove();
    return broken;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
