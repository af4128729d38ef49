import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { decodeMessage } from '../../lambdas/shared/domain/message.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { moveMessages, type QueueMessage } from '../queues/move-messages.ts';
import { readFailed } from '../queues/redrive.ts';
import { readUndispatched } from '../queues/undispatched.ts';
import type { MessagesView, MessageView, OperatorQueue } from './views.ts';

/**
 * Received messages become visible after this time when this process is killed. Otherwise they do at the end of the
 * call.
 */
const VISIBILITY_SECONDS = 60;
const MAX_BODY_CHARACTERS = 4_096;

interface ShownMessage extends QueueMessage {
  readonly view: Omit<MessageView, 'id' | 'sent_at'>;
}

/** Describes a message of one queue. */
type Describe = (message: Message) => Partial<MessageView> & Pick<MessageView, 'reason'>;

/**
 * The body of a message of *exhausted* or *poison* is not shown: it contains the signatures of the request, so anyone
 * who sees it could send the request again. The screen of the delivery shows the request.
 */
const DESCRIBE: Readonly<Record<OperatorQueue, Describe>> = {
  undispatched(message) {
    const { reason, eventId, accountId, type, body } = readUndispatched(message);
    return { reason, ...ids({ accountId, eventId, type }), ...shownBody(body) };
  },
  unreadable(message) {
    const attributeOf = (name: string): string | undefined => message.MessageAttributes?.[name]?.StringValue;
    return {
      reason: attributeOf('reason') ?? 'no reason is given',
      ...ids({
        accountId: attributeOf('account_id'),
        webhookId: attributeOf('webhook_id'),
        deliveryId: attributeOf('delivery_id'),
        eventId: attributeOf('event_id'),
      }),
      ...shownBody(message.Body ?? ''),
    };
  },
  poison(message) {
    const { sourceQueue, ...known } = readFailed(message);
    const reason =
      sourceQueue === undefined
        ? 'SQS does not say from which queue it was moved'
        : `the function that reads ${sourceQueue} failed at every receive of this message; the function's log has the reason`;
    return { reason, ...ids({ ...known, type: known.eventType }) };
  },
  exhausted(message) {
    const known = readFailed(message);
    return { reason: lastFailure(known.body), ...ids({ ...known, type: known.eventType }) };
  },
};

export interface ReadRequest {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly timer: Timer;
  readonly queue: OperatorQueue;
  readonly queueUrl: string;
  readonly limit: number;
}

/**
 * Receives messages, and makes them visible again. SQS has no call that reads messages without receiving them, and no
 * order.
 */
export async function readMessages({ queue, queueUrl, ...rest }: ReadRequest): Promise<MessagesView> {
  const { selected, mayHaveMore } = await moveMessages<ShownMessage>({
    ...rest,
    sourceQueueUrl: queueUrl,
    read: (message) => readShown(message, DESCRIBE[queue]),
    isSelected: () => true,
    destinationOf: () => ({ deleted: true }),
    visibilitySeconds: VISIBILITY_SECONDS,
    // Nothing is sent or deleted.
    confirm: false,
  });
  const messages = selected
    .map(({ messageId, sentAt, view }): MessageView => ({ id: messageId, sent_at: sentAt, ...view }))
    .toSorted((one, other) => (one.sent_at < other.sent_at ? 1 : -1));
  return { messages, may_have_more: mayHaveMore };
}

function readShown(message: Message, describe: Describe): ShownMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
    view: {
      ...{ account_id: null, webhook_id: null, delivery_id: null, event_id: null, event_type: null },
      ...{ body: null, is_cut: false },
      receive_count: Number(Attributes?.ApproximateReceiveCount ?? 0),
      ...describe(message),
    },
  };
}

function ids(known: {
  readonly accountId?: string | undefined;
  readonly webhookId?: string | undefined;
  readonly deliveryId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly type?: string | undefined;
}) {
  const { accountId, webhookId, deliveryId, eventId, type } = known;
  return {
    account_id: accountId ?? null,
    webhook_id: webhookId ?? null,
    delivery_id: deliveryId ?? null,
    event_id: eventId ?? null,
    event_type: type ?? null,
  };
}

function shownBody(body: string): Pick<MessageView, 'body' | 'is_cut'> {
  return { body: body.slice(0, MAX_BODY_CHARACTERS), is_cut: body.length > MAX_BODY_CHARACTERS };
}

function lastFailure(body: string): string {
  const decoded = decodeMessage(body);
  if (!decoded.ok) return decoded.reason;
  const { history } = decoded.message;
  const last = history.at(-1);
  return last?.reason ?? 'every attempt failed; the delivery log has each response';
}
