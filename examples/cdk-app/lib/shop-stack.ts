import { fileURLToPath } from 'node:url';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { WebhookFanout } from 'webhook-fanout';

interface ShopStackProps extends StackProps {
  readonly webhooks: WebhookFanout;
}

export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, { webhooks, ...props }: ShopStackProps) {
    super(scope, id, props);
    const payOrder = new LambdaFunction(this, 'PayOrder', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(fileURLToPath(new URL('../functions/pay-order', import.meta.url))),
      environment: { EVENT_BUS_NAME: webhooks.eventBus.eventBusRef.eventBusName },
    });
    webhooks.grantPublish(payOrder);
  }
}
