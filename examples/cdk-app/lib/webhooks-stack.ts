import { fileURLToPath } from 'node:url';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { WebhookFanout } from 'webhook-fanout';

/** A stack of its own: its tables and its key outlive changes of the shop. */
export class WebhooksStack extends Stack {
  readonly webhooks: WebhookFanout;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.webhooks = new WebhookFanout(this, 'Webhooks', {
      eventCatalogue: fileURLToPath(new URL('../order-events.json', import.meta.url)),
      retryDelays: [Duration.seconds(5), Duration.minutes(5), Duration.hours(1), Duration.hours(6)],
    });
    // The operator's commands read them.
    this.webhooks.addOutputs();
  }
}
