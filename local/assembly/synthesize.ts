import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SynthesizeSettings {
  /** The directory for the cloud assembly. Its previous content is deleted. */
  readonly outputDirectory: string;
  /** Environment variables, such as `WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Stops the app and rejects the promise. */
  readonly signal?: AbortSignal;
}

/** Runs the CDK app, as `cdk synth` does. Throws an error with the app's output if it fails. */
export async function synthesize({
  outputDirectory,
  variables = {},
  signal,
}: SynthesizeSettings): Promise<string> {
  await rm(outputDirectory, { recursive: true, force: true });
  const app = spawn(process.execPath, ['bin/app.ts'], {
    cwd: ROOT,
    // The checks matter for deployments only, and take longer than the rest of the synthesis.
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
  if (code !== 0) throw new Error(`the CDK app ended with exit code ${code}; its output:\n${output.trim()}`);
  return outputDirectory;
}
