import { parentPort, workerData } from 'node:worker_threads';
import { type CheckSettings, checkRuns } from './check-runs.ts';
import { prepareSecrets } from './secrets.ts';
import { SOURCE_CODE } from './simulation/function-code.ts';

// Started by `run.ts` with the synthesized stack as its data.
const setup = { stack: workerData, code: SOURCE_CODE, secrets: await prepareSecrets(workerData) };

parentPort?.on('message', (settings: CheckSettings) => {
  checkRuns(setup, settings).then(
    (failure) => parentPort?.postMessage(failure),
    (error: unknown) => {
      throw error;
    },
  );
});
