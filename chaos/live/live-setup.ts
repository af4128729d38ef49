import { followUpMarginMs } from '../../lambdas/send-delivery/decide.ts';
import { type PatchedAssembly, patchAssembly, type Template } from '../../local/assembly/patch.ts';

/** Instead of 1, 5 and 30 s. */
const RETRY_DELAYS_SECONDS = [1, 1, 2] as const;
/** Instead of 120 s. The messages of a killed function are redelivered after this time. */
const VISIBILITY_SECONDS = 12;

/** A synthesized stack that allows private endpoints, with shorter waits. */
export interface LiveSetup {
  readonly assemblyDirectory: string;
  readonly retryDelaysMs: readonly number[];
  readonly followUpMarginMs: number;
  remove(): Promise<void>;
}

export async function prepareLiveSetup(assemblyDirectory: string): Promise<LiveSetup> {
  const { directory, remove }: PatchedAssembly = await patchAssembly(assemblyDirectory, shortenWaits);
  return {
    assemblyDirectory: directory,
    retryDelaysMs: RETRY_DELAYS_SECONDS.map((seconds) => seconds * 1_000),
    followUpMarginMs: followUpMarginMs(VISIBILITY_SECONDS),
    remove,
  };
}

function shortenWaits({ Resources }: Template): void {
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
