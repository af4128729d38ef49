import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { WebhookFanout, type WebhookFanoutProps } from './webhook-fanout.ts';

export interface WebhookFanoutStackProps extends StackProps {
  /**
   * Makes the construct's props, within the stack, so that they may name resources of it.
   *
   * @default - the construct's defaults
   */
  readonly fanout?: (stack: Stack) => WebhookFanoutProps;
}

/** One WebhookFanout by itself, with what operators and tools look up as outputs. */
export class WebhookFanoutStack extends Stack {
  constructor(scope: Construct, id: string, props: WebhookFanoutStackProps = {}) {
    const { fanout: configure, ...stackProps } = props;
    super(scope, id, { description: 'Delivers domain events to customers as webhooks', ...stackProps });
    new WebhookFanout(this, 'Fanout', configure?.(this)).addOutputs();
  }
}
