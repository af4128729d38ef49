import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { InputError, show } from './shared/input.ts';
import { WebhookFanout, type WebhookFanoutProps } from './webhook-fanout.ts';

export interface WebhookFanoutStackProps extends StackProps {
  /**
   * Returns the construct's props. It is called with the stack, so that the props can refer to resources of it.
   *
   * @default - the construct's defaults
   */
  readonly fanout?: (stack: Stack) => WebhookFanoutProps;
}

/** A stack with one WebhookFanout, and the outputs that operators and commands use. */
export class WebhookFanoutStack extends Stack {
  constructor(scope: Construct, id: string, props: WebhookFanoutStackProps = {}) {
    const { fanout: configure, ...stackProps } = props;
    if (configure !== undefined && typeof configure !== 'function') {
      throw new InputError(
        `fanout is ${show(configure)}; expected: a function that returns the construct's props, such as () => ({ successStatus: '2xx' }).`,
      );
    }
    super(scope, id, { description: 'Delivers domain events to customers as webhooks', ...stackProps });
    new WebhookFanout(this, 'Fanout', configure?.(this)).addOutputs();
  }
}
