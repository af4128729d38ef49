import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SynthesizeSettings {
  /** Where the cloud assembly goes; what is there is replaced. */
  readonly outputDirectory: string;
  /** The operator's own settings, such as `WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Ends the app, and the promise with an error. */
  readonly signal?: AbortSignal;
}

/** Runs the CDK app, as `cdk synth` does. Throws with the app's own words when it refuses. */
export async function synthesize({
  outputDirectory,
  variables = {},
  signal,
}: SynthesizeSettings): Promise<string> {
  await rm(outputDirectory, { recursive: true, force: true });
  const app = spawn(process.execPath, ['bin/webhook-fanout.ts'], {
    cwd: ROOT,
    // The checks are for those who deploy; they take longer than all the rest.
    env: { WEBHOOK_FANOUT_CHECKS: 'false', ...process.env, ...variables, CDK_OUTDIR: outputDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`the CDK app ended with exit code ${code}; it says:\n${output.trim()}`);
  return outputDirectory;
}
