import { App } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { readSettings } from '../lib/settings.ts';
import { WebhookFanoutStack } from '../lib/webhook-fanout-stack.ts';

// The local cloud leaves the checks out: they take longer than all the rest.
const checked = process.env.WEBHOOK_FANOUT_CHECKS !== 'false';

const app = new App({
  // Flags stand here and not in cdk.json, so that the template does not depend on who synthesized it.
  postCliContext: featureFlags,
  analyticsReporting: false,
  builtinCloudFormationValidation: checked,
});

const { stackName, fanout } = readSettings(app.node.getAllContext(), process.env);
new WebhookFanoutStack(app, stackName, { fanout });

if (checked) {
  const { addChecks } = await import('../lib/checks.ts');
  addChecks(app);
}

app.synth();
