import { parentPort, workerData } from 'node:worker_threads';
import { type CheckSettings, checkRuns } from './check.ts';
import { SOURCE } from './functions.ts';
import { prepareSecrets } from './secrets.ts';

// Its parent is `run.ts`, which hands over the stack that it has synthesized.
const stage = { stack: workerData, code: SOURCE, secrets: await prepareSecrets(workerData) };

parentPort?.on('message', (settings: CheckSettings) => {
  checkRuns(stage, settings).then(
    (failure) => parentPort?.postMessage(failure),
    (error: unknown) => {
      throw error;
    },
  );
});
