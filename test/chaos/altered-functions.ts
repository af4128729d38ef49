import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { KMS_SEED } from '../../chaos/secrets.ts';
import { type FunctionCode, SOURCE_CODE } from '../../chaos/simulation/function-code.ts';
import type { DisableAfter } from '../../lambdas/shared/domain/health.ts';
import type { Stack } from '../../local/assembly/stack.ts';
import type { AwsCall } from '../../local/aws-calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';

const ALL: AttributeValue = { L: [{ S: '*' }] };

type DispatcherPorts = Parameters<FunctionCode['dispatch-event']['createDispatchEvent']>[0];
type SenderPorts = Parameters<FunctionCode['send-delivery']['createSendDelivery']>[0];

/** The functions with some of their ports replaced. */
function withPorts({
  dispatcher = () => ({}),
  sender = () => ({}),
}: {
  readonly dispatcher?: (ports: DispatcherPorts) => Partial<DispatcherPorts>;
  readonly sender?: (ports: SenderPorts) => Partial<SenderPorts>;
}): FunctionCode {
  const { 'dispatch-event': dispatchEvent, 'send-delivery': sendDelivery } = SOURCE_CODE;
  return {
    ...SOURCE_CODE,
    'dispatch-event': {
      ...dispatchEvent,
      createDispatchEvent: (ports) => dispatchEvent.createDispatchEvent({ ...ports, ...dispatcher(ports) }),
    },
    'send-delivery': {
      ...sendDelivery,
      createSendDelivery: (ports) => sendDelivery.createSendDelivery({ ...ports, ...sender(ports) }),
    },
  };
}

/** The dispatcher gets the data key from another client. It calls its own KMS client later. */
export function withSecretsOpenedLate(stack: Stack): FunctionCode {
  const kms = createKms({ keys: stack.keys, seed: KMS_SEED });
  const use = () => () => undefined;
  const call = ({ action, input }: AwsCall) =>
    kms.call(action, input, { principal: 'test', useUnits: () => undefined });
  const elsewhere = createInProcessClient({ use, call }, 'test', 'kms');
  return withPorts({
    dispatcher: (ports) => ({
      kms: {
        async send(command: Parameters<typeof ports.kms.send>[0]) {
          setTimeout(() => void ports.kms.send(command), 1);
          return elsewhere.send(command);
        },
      },
    }),
  });
}

/** The dispatcher sends no messages to the undispatched queue, and gets the answer that they were sent. */
export function withoutUndispatched(): FunctionCode {
  return withPorts({
    dispatcher: (ports) => ({
      sqs: {
        async send(command: Parameters<typeof ports.sqs.send>[0]) {
          if (!(command instanceof SendMessageBatchCommand)) return ports.sqs.send(command);
          const { QueueUrl, Entries = [] } = command.input;
          if (QueueUrl !== ports.settings.undispatchedQueueUrl) return ports.sqs.send(command);
          return { $metadata: {}, Successful: Entries.map(({ Id }) => ({ Id })) };
        },
      },
    }),
  });
}

/** The sender gets the answer that records of successes are written, and they are written later. */
export function withRecordsWrittenLate(): FunctionCode {
  return withPorts({
    sender: (ports) => ({
      dynamodb: {
        async send(command: Parameters<typeof ports.dynamodb.send>[0]) {
          if (!(command instanceof BatchWriteItemCommand)) return ports.dynamodb.send(command);
          setTimeout(() => void ports.dynamodb.send(command), 1);
          return { $metadata: {} };
        },
      },
    }),
  });
}

/** The sender has other thresholds than the scenario says. `undefined`: it disables no webhook. */
export function withThresholds(disableAfter: DisableAfter | undefined): FunctionCode {
  return withPorts({ sender: ({ settings }) => ({ settings: { ...settings, disableAfter } }) });
}

interface SenderChange {
  /** Changes the result of a read of webhooks and records. */
  readonly read?: (output: BatchGetItemCommandOutput) => BatchGetItemCommandOutput;
  /** Changes the text of a received message. */
  readonly receive?: (body: string) => string;
  /** Replaces some of its settings. */
  readonly settings?: Partial<SenderPorts['settings']>;
}

export function withSender({
  read = (output) => output,
  receive = (body) => body,
  settings = {},
}: SenderChange): FunctionCode {
  const code = withPorts({
    sender: (ports) => ({
      dynamodb: {
        async send(command: Parameters<typeof ports.dynamodb.send>[0]) {
          if (!(command instanceof BatchGetItemCommand)) return ports.dynamodb.send(command);
          return read(await ports.dynamodb.send(command));
        },
      },
    }),
  });
  const { createSendDelivery } = code['send-delivery'];
  return {
    ...code,
    'send-delivery': {
      ...code['send-delivery'],
      createSendDelivery: (ports) => {
        const sendDelivery = createSendDelivery({ ...ports, settings: { ...ports.settings, ...settings } });
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

/** Moves every attempt, and the time of the next one, back by one hour. */
export function olderAttempts(item: TypedItem): TypedItem {
  const anHourBefore = (time: number) => ({ N: String(time - 3_600_000) });
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      if (name === 'next_attempt_at') return [name, anHourBefore(Number(value.N))];
      const at = Number(value.M?.at?.N);
      if (value.M === undefined || !name.startsWith('attempt_')) return [name, value];
      return [name, { M: { ...value.M, at: anHourBefore(at) } }];
    }),
  );
}

/** Subscribes a webhook to all types. */
export function subscribedToAll(item: TypedItem): TypedItem {
  return 'events' in item ? { ...item, events: ALL } : item;
}

/** Removes the token of the preceding attempt. */
export function withoutPredecessor(body: string): string {
  const { after: _, ...message } = JSON.parse(body);
  return JSON.stringify(message);
}

/** Removes the time before which a message must not be sent. */
export function withoutNotBefore(body: string): string {
  const { not_before: _, ...message } = JSON.parse(body);
  return JSON.stringify(message);
}
