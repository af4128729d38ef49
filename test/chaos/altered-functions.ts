import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { type FunctionCode, SOURCE } from '../../chaos/functions.ts';
import { KMS_SEED } from '../../chaos/secrets.ts';
import type { Stack } from '../../local/assembly/stack.ts';
import type { AwsCall } from '../../local/aws-calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';

const ALL: AttributeValue = { L: [{ S: '*' }] };

/** The data key comes from elsewhere, and KMS is asked for it a moment later. */
export function withSecretsOpenedLate(stack: Stack): FunctionCode {
  const code = SOURCE['dispatch-event'];
  const kms = createKms({ keys: stack.keys, seed: KMS_SEED });
  const use = () => () => undefined;
  const call = ({ action, input }: AwsCall) =>
    kms.call(action, input, { principal: 'test', useUnits: () => undefined });
  const elsewhere = createInProcessClient({ use, call }, 'test', 'kms');
  return {
    ...SOURCE,
    'dispatch-event': {
      ...code,
      createDispatchEvent: (deps) =>
        code.createDispatchEvent({
          ...deps,
          kms: {
            async send(command: Parameters<typeof deps.kms.send>[0]) {
              setTimeout(() => void deps.kms.send(command), 1);
              return elsewhere.send(command);
            },
          },
        }),
    },
  };
}

/** Messages for the undispatched queue are reported as sent, and are not sent. */
export function withoutUndispatched(): FunctionCode {
  const code = SOURCE['dispatch-event'];
  return {
    ...SOURCE,
    'dispatch-event': {
      ...code,
      createDispatchEvent: (deps) =>
        code.createDispatchEvent({
          ...deps,
          sqs: {
            async send(command: Parameters<typeof deps.sqs.send>[0]) {
              if (!(command instanceof SendMessageBatchCommand)) return deps.sqs.send(command);
              const { QueueUrl, Entries = [] } = command.input;
              if (QueueUrl !== deps.settings.undispatchedQueueUrl) return deps.sqs.send(command);
              return { $metadata: {}, Successful: Entries.map(({ Id }) => ({ Id })) };
            },
          },
        }),
    },
  };
}

/** Records of successes are reported as written, and written a moment later. */
export function withRecordsWrittenLate(): FunctionCode {
  const code = SOURCE['send-delivery'];
  return {
    ...SOURCE,
    'send-delivery': {
      ...code,
      createSendDelivery: (deps) =>
        code.createSendDelivery({
          ...deps,
          dynamodb: {
            async send(command: Parameters<typeof deps.dynamodb.send>[0]) {
              if (!(command instanceof BatchWriteItemCommand)) return deps.dynamodb.send(command);
              setTimeout(() => void deps.dynamodb.send(command), 1);
              return { $metadata: {} };
            },
          },
        }),
    },
  };
}

interface SenderChange {
  /** What a read of webhooks and records returns. */
  readonly read?: (output: BatchGetItemCommandOutput) => BatchGetItemCommandOutput;
  /** The text of a received message. */
  readonly receive?: (body: string) => string;
}

export function withSender({
  read = (output) => output,
  receive = (body) => body,
}: SenderChange): FunctionCode {
  const code = SOURCE['send-delivery'];
  return {
    ...SOURCE,
    'send-delivery': {
      ...code,
      createSendDelivery: (deps) => {
        const sendDelivery = code.createSendDelivery({
          ...deps,
          dynamodb: {
            async send(command: Parameters<typeof deps.dynamodb.send>[0]) {
              if (!(command instanceof BatchGetItemCommand)) return deps.dynamodb.send(command);
              return read(await deps.dynamodb.send(command));
            },
          },
        });
        return ({ Records }, deadlineAt) => {
          const received = Records.map((record) => ({ ...record, body: receive(record.body) }));
          return sendDelivery({ Records: received }, deadlineAt);
        };
      },
    },
  };
}

type TypedItem = Record<string, AttributeValue>;

export function changeItems(change: (item: TypedItem) => TypedItem): NonNullable<SenderChange['read']> {
  return ({ Responses = {}, ...rest }) => ({
    ...rest,
    Responses: Object.fromEntries(
      Object.entries(Responses).map(([table, items]) => [table, items.map(change)]),
    ),
  });
}

/** Every attempt ended an hour earlier. */
export function olderAttempts(item: TypedItem): TypedItem {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      const at = Number(value.M?.at?.N);
      if (value.M === undefined || !name.startsWith('attempt_')) return [name, value];
      return [name, { M: { ...value.M, at: { N: String(at - 3_600_000) } } }];
    }),
  );
}

/** A webhook that wants all types. */
export function wantingAll(item: TypedItem): TypedItem {
  return 'events' in item ? { ...item, events: ALL } : item;
}

export function withoutPredecessor(body: string): string {
  const { after: _, ...message } = JSON.parse(body);
  return JSON.stringify(message);
}
