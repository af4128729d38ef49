import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { checkLiveRun, liveScenarios } from './check-live-run.ts';
import { prepareLiveSetup } from './live-setup.ts';

export interface LiveSettings {
  readonly seed: number;
  readonly runs: number;
  readonly maxFaults: number;
  /** How many local clouds run at the same time. */
  readonly concurrency: number;
  /** Called with the report of each failed run. */
  readonly print: (report: string) => void;
}

/** Runs the scenarios of a seed on local clouds. Resolves to the number of runs that violated an invariant. */
export async function runLive({ print, concurrency, ...settings }: LiveSettings): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'chaos-live-'));
  try {
    const variables = { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' };
    const outputDirectory = path.join(directory, 'cdk.out');
    const setup = await prepareLiveSetup(await synthesize({ outputDirectory, variables }));
    let failed = 0;
    await inParallel(liveScenarios(settings), concurrency, async (scenario) => {
      const { violations, report } = await checkLiveRun(scenario, setup);
      if (violations.length === 0) return;
      failed++;
      print(report);
    });
    await setup.remove();
    return failed;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
