import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import { addEventSource } from '../shared/event-source.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import type { Lanes } from '../shared/lanes.ts';
import { allow, allowConsuming, allowDecrypting, allowSending, onPartitions } from '../shared/permissions.ts';
import { createWorkQueue } from '../shared/queue.ts';
import { alarmOnAge } from '../shared/queue-alarms.ts';
import type { Storage } from '../shared/storage.ts';

/** A message is received once a step, and is replaced by a new one before that. */
const MAX_RECEIVES = 1_000;

/** Recoveries that take a step at the same time. Each step takes some seconds of every twenty. */
export const RECOVERY_CONCURRENCY = 10;

/** A step of a recovery waits for 20 s. */
const MAX_AGE_SECONDS = 900;

/** Fifty events of 256 KiB and their messages are in memory at the same time. */
const MEMORY_MB = 512;

export interface RecoverDeliveriesProps extends CommonFunctionProps {
  readonly storage: Storage;
  readonly lanes: Lanes;
  readonly retryDelaysSeconds: readonly number[];
}

/** Repeats the held and exhausted deliveries of a webhook, in the background, on the slow lane. */
export class RecoverDeliveries extends Construct {
  /** One message for each recovery that runs. */
  readonly recoveries: Queue;
  readonly recoverer: LambdaFn;

  constructor(scope: Construct, id: string, props: RecoverDeliveriesProps) {
    super(scope, id);
    const { storage, lanes, catalogueFile, logRetention, monitoring, releases } = props;
    this.recoveries = createWorkQueue(this, 'Recoveries', {
      deadLetterQueue: { queue: lanes.poison, maxReceiveCount: MAX_RECEIVES },
    });
    this.recoverer = createFunction(this, {
      step: 'recover-deliveries',
      description: 'Repeats the held and exhausted deliveries of a webhook',
      catalogueFile,
      logRetention,
      xrayTracing: props.xrayTracing,
      monitoring,
      releases,
      memorySize: MEMORY_MB,
      environment: {
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        RECORD_RETENTION_DAYS: String(storage.recordRetentionDays),
        RECOVERIES_QUEUE_URL: this.recoveries.queueUrl,
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
      },
      permissions: [
        allow(['dynamodb:Query'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.account)),
        allow(['dynamodb:GetItem'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.keyring)),
        allow(['dynamodb:GetItem'], [storage.deliveries.tableArn], onPartitions(KEY_PATTERNS.recovery)),
        allow(
          ['dynamodb:BatchGetItem'],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.event, KEY_PATTERNS.webhookDeliveries),
        ),
        allow(
          ['dynamodb:Query'],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.webhookDeliveries),
        ),
        allow(
          ['dynamodb:UpdateItem'],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.recovery, KEY_PATTERNS.webhookDeliveries),
        ),
        allowDecrypting(storage.secretsKey),
        allowSending([lanes.slow, this.recoveries]),
        allowConsuming([this.recoveries]),
      ],
    });
    Validations.of(this.recoverer).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is not invoked asynchronously. The recoveries queue has a dead-letter queue.',
    });
    addEventSource(this, 'FromRecoveries', this.recoveries, releases.targetOf(this.recoverer), {
      batchSize: 1,
      maxConcurrency: RECOVERY_CONCURRENCY,
    });
    alarmOnAge(this, monitoring, this.recoveries, {
      of: 'recoveries',
      severity: 'ticket',
      meaning: 'Recoveries that customers started do not begin.',
      maxSeconds: MAX_AGE_SECONDS,
    });
  }
}
