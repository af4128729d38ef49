import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { WebhookFanoutFunctions, WebhookFanoutQueues, WebhookFanoutTables } from '../attributes.ts';

/** The values that the operator's commands read from a deployed stack. */
export interface DeploymentOutputs {
  readonly apiUrl: string;
  readonly apiDomainTarget?: string;
  readonly canaryUrl?: string;
  readonly consoleUrl?: string;
  readonly functions: Pick<WebhookFanoutFunctions, 'createPortalLink'>;
  readonly egressAddresses: readonly string[];
  readonly eventBus: IEventBusRef;
  readonly systemEventSource: string;
  readonly queues: WebhookFanoutQueues;
  readonly tables: WebhookFanoutTables;
  readonly secretsKey: IKey;
}

export function addStackOutputs(scope: Construct, prefix: string, deployment: DeploymentOutputs): void {
  const { queues, tables } = deployment;
  const output = (name: string, value: string, description: string): void => {
    new CfnOutput(scope, `${name}Output`, { value, description }).overrideLogicalId(prefix + name);
  };
  output('ApiUrl', deployment.apiUrl, "The customers' API");
  if (deployment.apiDomainTarget !== undefined)
    output('ApiDomainTarget', deployment.apiDomainTarget, "Where the DNS record of the API's name points");
  if (deployment.canaryUrl !== undefined)
    output('CanaryUrl', deployment.canaryUrl, "The deployment's own webhook");
  if (deployment.consoleUrl !== undefined)
    output('ConsoleUrl', deployment.consoleUrl, 'Where customers see, try and repair their webhooks');
  if (deployment.functions.createPortalLink !== undefined)
    output(
      'PortalFunctionName',
      deployment.functions.createPortalLink.functionName,
      'Makes links to the console',
    );
  if (deployment.egressAddresses.length > 0)
    output(
      'EgressAddresses',
      deployment.egressAddresses.join(','),
      "Static addresses from which requests to customers' endpoints are sent",
    );
  output('EventBusName', deployment.eventBus.eventBusRef.eventBusName, 'Where domain events are published');
  output('SystemEventSource', deployment.systemEventSource, 'Source of the events about deliveries');
  output('FirstQueueUrl', queues.first.queueUrl, 'First attempts');
  queues.retries.forEach((queue, index) => {
    output(`Retry${index + 1}QueueUrl`, queue.queueUrl, `Retry ${index + 1}`);
  });
  output('LaterQueueUrl', queues.later.queueUrl, 'Retries that wait in no queue of their own');
  output('SlowQueueUrl', queues.slow.queueUrl, 'Deliveries to endpoints that answer slowly');
  output('RecoveriesQueueUrl', queues.recoveries.queueUrl, 'Recoveries that run');
  output('EventsQueueUrl', queues.events.queueUrl, 'Events that wait to be dispatched');
  output('ExhaustedQueueUrl', queues.exhausted.queueUrl, 'Deliveries that were given up');
  output('PoisonQueueUrl', queues.poison.queueUrl, 'Messages that our side could not handle');
  output('UnreadableQueueUrl', queues.unreadable.queueUrl, 'Messages that no deployment can read');
  output('UndispatchedQueueUrl', queues.undispatched.queueUrl, 'Events that cannot be dispatched');
  output('SecretsKeyId', deployment.secretsKey.keyId, 'Wraps the data keys that seal signing secrets');
  output('WebhooksTableName', tables.webhooks.tableName, 'Webhooks and API keys');
  output('DeliveriesTableName', tables.deliveries.tableName, 'Events and records of deliveries');
}
