import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { encodeMessage } from '../shared/domain/message.ts';
import type { Recovery } from '../shared/domain/recovery.ts';
import { decodeRecoveryMessage, type RecoveryMessage } from '../shared/domain/recovery-message.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { countFailures } from '../shared/runtime/count-failures.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type Sqs, sendAll } from '../shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility } from '../shared/runtime/visibility.ts';
import { createKeyring, type Kms } from '../shared/secrets/key-ring.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { createDeliveryLog } from '../shared/store/delivery-log.ts';
import { readRecords } from '../shared/store/read-delivery-states.ts';
import { readEvents } from '../shared/store/read-events.ts';
import { createRecoveryStore } from '../shared/store/recoveries.ts';
import { createWebhookReads } from '../shared/store/webhook-reads.ts';
import type { RecoverDeps, RecoverPorts } from './ports.ts';
import { ENDED, recoverStep, type StepResult } from './step.ts';

/**
 * A message is received once for each step. Before its queue moves it to the poison queue, after 1,000 receives, it is
 * replaced by a new one.
 */
const RENEW_AFTER_RECEIVES = 900;

export interface RecoverDeliveriesSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  /** Whole days that events and records are kept. */
  readonly recordRetentionDays: number;
  readonly recoveriesQueueUrl: string;
  readonly slowQueueUrl: string;
  readonly retryDelaysSeconds: readonly number[];
}

export interface RecoverDeliveriesDeps {
  readonly settings: RecoverDeliveriesSettings;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly clock: Timer;
  readonly counters: Counters;
  readonly log: Log;
}

/** Makes one step of each recovery in the batch, and returns the messages of those that have not ended. */
export type RecoverDeliveries = (batch: SQSEvent, deadlineAt: number) => Promise<SQSBatchResponse>;

export function createRecoverDeliveries(given: RecoverDeliveriesDeps): RecoverDeliveries {
  const deps = countFailures(given);
  const { settings, sqs, counters, log } = deps;
  const stepDeps: RecoverDeps = { ...deps, ...settings, ports: createPorts(deps) };

  /** Otherwise the recovery would remain `running` after its message was moved to the poison queue. */
  const giveUp = async (message: RecoveryMessage, recovery: Recovery | undefined): Promise<void> => {
    const { accountId, recoveryId: id } = message;
    const reason = 'our side failed too often; start another recovery';
    await stepDeps.ports.recoveries
      .end({ accountId, id }, 'stopped', deps.clock.now(), reason)
      .catch((error: unknown) =>
        log.error('a recovery could not be stopped', { ...idsOf(message, recovery), ...errorFields(error) }),
      );
  };

  const step = async (record: SQSRecord, deadlineAt: number): Promise<StepResult> => {
    const receives = Number(record.attributes.ApproximateReceiveCount);
    let message: RecoveryMessage | undefined;
    let recovery: Recovery | undefined;
    try {
      message = decodeRecoveryMessage(record.body);
      const { accountId, recoveryId } = message;
      recovery = await stepDeps.ports.recoveries.get(accountId, recoveryId, deps.clock.now());
      if (recovery === undefined) return ENDED;
      const result = await recoverStep(stepDeps, recovery, deadlineAt);
      if (result.kind === 'ended' || receives < RENEW_AFTER_RECEIVES) return result;
      const { body } = record;
      const [sent] = await sendAll(sqs, deps.clock, settings.recoveriesQueueUrl, [
        { body, delaySeconds: result.seconds },
      ]);
      return sent?.ok ? ENDED : result;
    } catch (error) {
      counters.count('returned');
      log.warn('a step of a recovery failed and is made again', {
        ...(message === undefined ? {} : idsOf(message, recovery)),
        message_id: record.messageId,
        receive_count: receives,
        ...errorFields(error),
      });
      if (message !== undefined && receives >= RENEW_AFTER_RECEIVES) await giveUp(message, recovery);
      return { kind: 'again', seconds: returnDelaySeconds(Math.min(receives, 3)) };
    }
  };

  return async ({ Records: records }, deadlineAt) => {
    const results = await Promise.all(
      records.map(async (record) => ({ record, result: await step(record, deadlineAt) })),
    );
    const again = results.flatMap(({ record, result }) =>
      result.kind === 'again' ? [{ record, seconds: result.seconds }] : [],
    );
    await setVisibility(
      sqs,
      deps.clock,
      settings.recoveriesQueueUrl,
      again.map(({ record: { receiptHandle }, seconds }) => ({ receiptHandle, seconds })),
    );
    return { batchItemFailures: again.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };
}

/** The webhook is known when the recovery was read. */
function idsOf({ accountId, recoveryId }: RecoveryMessage, recovery: Recovery | undefined) {
  return {
    recovery_id: recoveryId,
    ...(recovery === undefined ? {} : { webhook_id: recovery.webhookId }),
    account_id: accountId,
  };
}

function createPorts({ settings, dynamodb, sqs, kms, clock }: RecoverDeliveriesDeps): RecoverPorts {
  const webhooksTable = { dynamodb, tableName: settings.webhooksTable };
  const deliveriesTable = {
    dynamodb,
    tableName: settings.deliveriesTable,
    retentionDays: settings.recordRetentionDays,
  };
  const keyring = createKeyring({ ...webhooksTable, kms });
  return {
    recoveries: createRecoveryStore(deliveriesTable),
    webhooks: createWebhookReads(webhooksTable),
    openSecret: (sealed, owner) => keyring.open(sealed, owner),
    log: createDeliveryLog(deliveriesTable),
    deliveries: createDeliveryStore(deliveriesTable),
    readRecords: (names) => readRecords({ ...deliveriesTable, clock }, names),
    readEvents: (accountId, eventIds) => readEvents({ ...deliveriesTable, clock }, accountId, eventIds),
    enqueue: (repeats) =>
      sendAll(
        sqs,
        clock,
        settings.slowQueueUrl,
        repeats.map(({ message, delaySeconds }) => ({
          body: encodeMessage(message),
          groupId: message.webhookId,
          delaySeconds,
        })),
      ),
  };
}
