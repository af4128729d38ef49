import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
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
    const fanout = new WebhookFanout(this, 'Fanout', configure?.(this));
    const { storage, lanes, dispatchEvent } = fanout;

    this.output('ApiUrl', fanout.serveApi.url, "The customers' API");
    this.output(
      'EventBusName',
      fanout.eventBus.eventBusRef.eventBusName,
      'Where domain events are published',
    );
    this.output('SystemEventSource', fanout.systemEventSource, 'Source of the events about deliveries');
    this.output('FirstQueueUrl', lanes.first.queueUrl, 'First attempts');
    lanes.retries.forEach((queue, index) => {
      this.output(`Retry${index + 1}QueueUrl`, queue.queueUrl, `Retry ${index + 1}`);
    });
    this.output('SlowQueueUrl', lanes.slow.queueUrl, 'Deliveries to endpoints that answer slowly');
    this.output(
      'ParkedQueueUrl',
      dispatchEvent.parked.queueUrl,
      'Events that are dispatched later, by themselves',
    );
    this.output('ExhaustedQueueUrl', lanes.exhausted.queueUrl, 'Deliveries that were given up');
    this.output('PoisonQueueUrl', lanes.poison.queueUrl, 'Messages that our side could not handle');
    this.output(
      'UndispatchedQueueUrl',
      dispatchEvent.undispatched.queueUrl,
      'Events that cannot be dispatched',
    );
    this.output('WebhooksTableName', storage.webhooks.tableName, 'Webhooks and API keys');
    this.output('DeliveriesTableName', storage.deliveries.tableName, 'Events and deliveries, for 30 days');
  }

  /** Tools find an output by its name, so the name is its logical id. */
  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
  }
}
