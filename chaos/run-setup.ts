import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { WebhookFanoutProps } from '../lib/webhook-fanout.ts';
import { WebhookFanoutStack } from '../lib/webhook-fanout-stack.ts';
import { loadStack } from '../local/assembly/load-stack.ts';
import type { Stack } from '../local/assembly/stack.ts';
import type { RunSetup } from './run-scenario.ts';
import { prepareSecrets } from './secrets.ts';
import { SOURCE_CODE } from './simulation/function-code.ts';
import { ACCOUNT_ID, REGION } from './simulation/simulated-cloud.ts';

/** The functions' source code and the synthesized stack. */
export async function prepareSetup(fanout: WebhookFanoutProps = {}): Promise<RunSetup> {
  const stack = await synthesizeStack(fanout);
  return { stack, code: SOURCE_CODE, secrets: await prepareSecrets(stack) };
}

/** The stack as it is deployed, but without bundling the functions. */
export async function synthesizeStack(fanout: WebhookFanoutProps = {}): Promise<Stack> {
  const outdir = await mkdtemp(path.join(tmpdir(), 'chaos-'));
  try {
    const app = new App({
      postCliContext: { ...featureFlags, 'aws:cdk:bundling-stacks': [] },
      outdir,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    new WebhookFanoutStack(app, 'Chaos', { fanout: () => fanout });
    app.synth();
    return await readStack(outdir);
  } finally {
    await rm(outdir, { recursive: true });
  }
}

/** Reads the stack from the output directory of a synthesized app. */
export function readStack(assemblyDirectory: string): Promise<Stack> {
  return loadStack(assemblyDirectory, {
    accountId: ACCOUNT_ID,
    region: REGION,
    endpointUrl: 'http://127.0.0.1',
    apiUrl: 'https://api.example.com',
  });
}
