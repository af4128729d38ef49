import { fileURLToPath } from 'node:url';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { WebhookFanout } from 'webhook-fanout';

/** A separate stack: changes of the shop's stack cannot delete its tables and its key. */
export class WebhooksStack extends Stack {
  readonly webhooks: WebhookFanout;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.webhooks = new WebhookFanout(this, 'Webhooks', {
      eventCatalogue: fileURLToPath(new URL('../order-events.json', import.meta.url)),
      retryDelays: [Duration.seconds(5), Duration.minutes(5), Duration.hours(1), Duration.hours(6)],
    });
    // The command `webhook-fanout` reads the outputs.
    this.webhooks.addOutputs();
  }
}
