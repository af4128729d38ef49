import { randomBytes } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeliveryMessage } from '../../../lambdas/shared/domain/delivery.ts';
import { decodeMessage } from '../../../lambdas/shared/domain/message.ts';
import type { DynamoDB } from '../../../lambdas/shared/store/client.ts';

/** Faults of the services. A test sets and resets them. */
export interface ServiceFaults {
  /** Whether a DynamoDB command of this name fails. */
  dynamodb: (command: string) => boolean;
  sqs: boolean;
  kms: boolean;
  /** Runs once, directly before the next DynamoDB command of that name, like another call at the same time. */
  before: { readonly command: string; readonly run: () => Promise<unknown> } | undefined;
  /** The next write of a webhook is sent twice, as the SDK does when the first response was lost. */
  repeat: boolean;
}

export function noFaults(): ServiceFaults {
  return { dynamodb: () => false, sqs: false, kms: false, before: undefined, repeat: false };
}

/** Passes commands to DynamoDB, except those that `faults` make fail. */
export function faultyDynamoDb(dynamodb: DynamoDB, faults: ServiceFaults): DynamoDB {
  const send = async (command: object, ...rest: unknown[]) => {
    const { name } = command.constructor;
    const { before } = faults;
    if (before?.command === name) {
      faults.before = undefined;
      await before.run();
    }
    if (faults.dynamodb(name)) throw serviceError('ProvisionedThroughputExceededException');
    return Reflect.apply(dynamodb.send, dynamodb, [command, ...rest]);
  };
  return { send: asSend(send) };
}

/** Sends the next write of a webhook twice when `faults.repeat` is set. */
export function repeatingDynamoDb(dynamodb: DynamoDB, faults: ServiceFaults): DynamoDB {
  const send = async (command: { input: { ReturnValues?: string; Item?: { pk?: { S?: string } } } }) => {
    const isWrite =
      command.input.ReturnValues === 'ALL_NEW' || command.input.Item?.pk?.S?.startsWith('ACCOUNT#') === true;
    const sendOnce = (): Promise<unknown> => Reflect.apply(dynamodb.send, undefined, [command]);
    if (!faults.repeat || !isWrite) return sendOnce();
    faults.repeat = false;
    await sendOnce();
    return sendOnce();
  };
  return { send: asSend(send) };
}

export interface QueuedDelivery {
  readonly queueUrl: string;
  readonly message: DeliveryMessage;
  readonly delaySeconds?: number | undefined;
}

/** Adds the messages to `queued`. Throws for a message that send-delivery could not read. */
export function recordingSqs(
  queued: QueuedDelivery[],
  queuedRecoveries: string[],
  faults: ServiceFaults,
): Pick<SQSClient, 'send'> {
  const send = async (command: {
    input: { QueueUrl: string; Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[] };
  }) => {
    if (faults.sqs) throw serviceError('ServiceUnavailable');
    for (const { MessageBody, DelaySeconds: delaySeconds } of command.input.Entries) {
      if (command.input.QueueUrl === 'recoveries') {
        queuedRecoveries.push(MessageBody);
        continue;
      }
      const decoded = decodeMessage(MessageBody);
      if (!decoded.ok) throw new Error(`the API queued an unreadable message: ${decoded.reason}`);
      queued.push({ queueUrl: command.input.QueueUrl, message: decoded.message, delaySeconds });
    }
    return { Successful: command.input.Entries.map(({ Id }) => ({ Id })) };
  };
  return { send: asSend(send) };
}

/** Stores the plain text of the keys that it wraps. */
export function inMemoryKms(faults: ServiceFaults): Pick<KMSClient, 'send'> {
  const wrapped = new Map<string, Buffer>();
  const send = async (command: { input: { CiphertextBlob?: Uint8Array } }) => {
    if (faults.kms) throw serviceError('KMSInternalException');
    const { CiphertextBlob } = command.input;
    if (CiphertextBlob !== undefined) {
      return { Plaintext: Buffer.from(wrapped.get(Buffer.from(CiphertextBlob).toString('hex')) ?? '') };
    }
    const [Plaintext, blob] = [randomBytes(32), randomBytes(64)];
    wrapped.set(blob.toString('hex'), Buffer.from(Plaintext));
    return { Plaintext, CiphertextBlob: blob };
  };
  return { send: asSend(send) };
}

/** `send` of SDK clients has too many overloads to implement them all. */
function asSend<Send>(send: (command: never) => Promise<unknown>): Send {
  return send as Send;
}

function serviceError(name: string): Error {
  return Object.assign(new Error('the service is down'), { name });
}
