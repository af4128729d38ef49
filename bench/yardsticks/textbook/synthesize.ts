import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { buildSync } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../../build/functions.ts';

const MEMORY_MB = 256;
const TIMEOUT = Duration.seconds(60);

/**
 * Synthesizes the textbook pipeline: a bus, two functions, one queue and one table. The benchmark invokes Dispatch for
 * each event, as a rule of EventBridge with a function as its target does. Logs have the settings of this project.
 *
 * @param directory receives the bundles and the cloud assembly
 * @returns the directory of the assembly
 */
export function synthesizeTextbook(directory: string): string {
  const outdir = join(directory, 'cdk.out');
  const app = new App({
    outdir,
    postCliContext: featureFlags,
    analyticsReporting: false,
    // Only a deployment needs it, and it takes longer than the rest of the synthesis.
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Textbook');
  const bus = new EventBus(stack, 'Bus');
  const queue = new Queue(stack, 'Deliveries', { visibilityTimeout: TIMEOUT });
  const table = new TableV2(stack, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
  });

  const createFunction = (
    id: 'Dispatch' | 'Send',
    permissions: readonly PolicyStatement[],
  ): LambdaFunction => {
    const bundle = join(directory, id);
    buildSync({
      ...BUNDLE_OPTIONS,
      entryPoints: [fileURLToPath(new URL(`./${id.toLowerCase()}.ts`, import.meta.url))],
      outfile: join(bundle, 'index.mjs'),
    });
    const role = new Role(stack, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Work: new PolicyDocument({ statements: [...permissions], minimize: false }) },
    });
    return new LambdaFunction(stack, id, {
      code: Code.fromAsset(bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: TIMEOUT,
      role: role.withoutPolicyUpdates(),
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      environment: { TABLE_NAME: table.tableName, QUEUE_URL: queue.queueUrl },
    });
  };
  const allow = (actions: readonly string[], resource: string): PolicyStatement =>
    new PolicyStatement({ actions: [...actions], resources: [resource] });

  createFunction('Dispatch', [
    allow(['dynamodb:PutItem', 'dynamodb:Query'], table.tableArn),
    allow(['sqs:SendMessage'], queue.queueArn),
  ]);
  const send = createFunction('Send', [
    allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], table.tableArn),
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn),
  ]);
  new EventSourceMapping(stack, 'Mapping', { target: send, eventSourceArn: queue.queueArn, batchSize: 1 });
  new CfnOutput(stack, 'EventBusName', { value: bus.eventBusName });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  app.synth();
  return outdir;
}
