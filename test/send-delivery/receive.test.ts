import { describe, expect, it } from 'vitest';
import type { ReceivedMessage } from '../../lambdas/send-delivery/ports.ts';
import { FRESH_SECONDS, type Received, readBatch } from '../../lambdas/send-delivery/receive.ts';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { message, NOW } from '../support/builders.ts';

function receive(one: Partial<DeliveryMessage> = {}, receiveCount = 1): Received | undefined {
  const from: ReceivedMessage = {
    id: 'm-1',
    body: encodeMessage(message(one)),
    receiptHandle: 'r-1',
    receiveCount,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:first',
  };
  return readBatch([from], [1, 5, 30], NOW)[0];
}

function signedSecondsAgo(seconds: number): Pick<DeliveryMessage, 'signed'> {
  return { signed: { ...message().signed, timestamp: NOW / 1000 - seconds } };
}

describe('a message', () => {
  it('may go out without a read the first time, as a first attempt, when it was signed just now', () => {
    expect(receive()).toMatchObject({ kind: 'delivery', fresh: true });
    expect(receive(signedSecondsAgo(FRESH_SECONDS - 1))).toMatchObject({ fresh: true });
  });

  it.each([
    ['it was received before', {}, 2],
    ['it is a later attempt', { attempt: 2 }, 1],
    ['its event was dispatched before', { rerun: true }, 1],
    ['its signature is old', signedSecondsAgo(FRESH_SECONDS), 1],
    ['its signature is from the future', signedSecondsAgo(-FRESH_SECONDS), 1],
    ['it was given up before', { exhausted: true } as const, 1],
  ])('is held against the records first when %s', (_, change, receiveCount) => {
    expect(receive(change, receiveCount)).toMatchObject({ kind: 'delivery', fresh: false });
  });
});
