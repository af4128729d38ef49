/** Identifies a message and one receive of it. The handle is opaque to callers, and valid until the next receive. */
export interface Receipt {
  readonly queueName: string;
  readonly messageId: string;
  readonly receiveCount: number;
}

/** Neither a queue's name nor a message id contains it. */
const SEPARATOR = '/';

export function encodeReceiptHandle(receipt: Receipt): string {
  const parts = [receipt.queueName, receipt.messageId, String(receipt.receiveCount)];
  return Buffer.from(parts.join(SEPARATOR)).toString('base64');
}

export function decodeReceiptHandle(handle: string): Receipt | undefined {
  const parts = Buffer.from(handle, 'base64').toString().split(SEPARATOR);
  const [queueName, messageId, count] = parts;
  if (parts.length !== 3 || !queueName || !messageId || !count || !/^[1-9]\d*$/.test(count)) return undefined;
  return { queueName, messageId, receiveCount: Number(count) };
}
