import { App } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { buildFunctions } from '../build/functions.ts';
import { readChecks, readSettings } from '../lib/settings.ts';
import { FUNCTIONS_CONTEXT } from '../lib/shared/function-code.ts';
import { InputError } from '../lib/shared/input.ts';
import { SOURCE_MAPS_VARIABLE } from '../lib/shared/setting-names.ts';
import { WebhookFanoutStack } from '../lib/webhook-fanout-stack.ts';

async function synthesize(): Promise<void> {
  // The local cloud disables the checks, since they take longer than the rest of the synthesis.
  const checked = readChecks(process.env);
  const app = new App({
    // Feature flags are set here and not in cdk.json, so that the template does not depend on how the app is run.
    postCliContext: featureFlags,
    analyticsReporting: false,
    builtinCloudFormationValidation: checked,
  });
  const { stackName, fanout } = readSettings(app.node.getAllContext(), process.env);
  const forDebugger = process.env[SOURCE_MAPS_VARIABLE] === 'true';
  const functions = await buildFunctions({ forDebugger });
  app.node.setContext(FUNCTIONS_CONTEXT, functions.directory);
  new WebhookFanoutStack(app, stackName, { fanout });
  if (checked) {
    const { addChecks } = await import('../lib/checks.ts');
    addChecks(app);
  }
  app.synth();
}

try {
  await synthesize();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
