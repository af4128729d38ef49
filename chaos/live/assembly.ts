import { followUpMarginMs } from '../../lambdas/send-delivery/decide.ts';
import { type PatchedAssembly, patchAssembly, type Template } from '../../local/assembly/patch.ts';

/** Instead of 1, 5 and 30 s. */
const RETRY_DELAYS_SECONDS = [1, 1, 2] as const;
/** Instead of two minutes, after which the messages of a killed function come back. */
const VISIBILITY_SECONDS = 12;

/** A stack that private endpoints are allowed in, with the waits of real life made short. */
export interface LiveStage {
  readonly assemblyDirectory: string;
  readonly retryDelaysMs: readonly number[];
  readonly followUpMarginMs: number;
  remove(): Promise<void>;
}

export async function prepareStage(assemblyDirectory: string): Promise<LiveStage> {
  const { directory, remove }: PatchedAssembly = await patchAssembly(assemblyDirectory, makeImpatient);
  return {
    assemblyDirectory: directory,
    retryDelaysMs: RETRY_DELAYS_SECONDS.map((seconds) => seconds * 1_000),
    followUpMarginMs: followUpMarginMs(VISIBILITY_SECONDS),
    remove,
  };
}

function makeImpatient({ Resources }: Template): void {
  const delays = [...RETRY_DELAYS_SECONDS];
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type === 'AWS::SQS::Queue') {
      if (Properties.VisibilityTimeout !== undefined) Properties.VisibilityTimeout = VISIBILITY_SECONDS;
      // The retry queues, in the order of the attempts.
      if (Properties.DelaySeconds !== undefined) Properties.DelaySeconds = delays.shift();
    }
    if (Type === 'AWS::Lambda::Function') {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      Variables.RETRY_DELAYS_SECONDS = JSON.stringify(RETRY_DELAYS_SECONDS);
      if (Variables.VISIBILITY_TIMEOUT_SECONDS !== undefined)
        Variables.VISIBILITY_TIMEOUT_SECONDS = String(VISIBILITY_SECONDS);
    }
  }
}
