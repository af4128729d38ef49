import { describe, expect, it } from 'vitest';
import type { ReceivedMessage } from '../../lambdas/send-delivery/ports.ts';
import { FRESH_MS, isLate, type Received, receiveBatch } from '../../lambdas/send-delivery/receive.ts';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { message, NOW } from '../support/builders.ts';

const MINUTE = 60_000;

function received(change: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    id: 'm-1',
    body: encodeMessage(message()),
    receiptHandle: 'r-1',
    receiveCount: 1,
    firstReceivedAt: NOW,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:first',
    ...change,
  };
}

function receive(
  change: Partial<DeliveryMessage> = {},
  from: Partial<ReceivedMessage> = {},
): Received | undefined {
  return receiveBatch([received({ body: encodeMessage(message(change)), ...from })], [1, 5, 30], NOW)[0];
}

function signedAgo(milliseconds: number): Pick<DeliveryMessage, 'signed'> {
  return { signed: { ...message().signed, signedAt: NOW - milliseconds } };
}

describe('a message', () => {
  it('is fresh when it is a first attempt, received for the first time, with a signature younger than two seconds [FAULT-7]', () => {
    expect(receive()).toMatchObject({ kind: 'delivery', fresh: true });
    expect(receive(signedAgo(FRESH_MS - 1))).toMatchObject({ fresh: true });
    expect(FRESH_MS).toBe(2_000);
  });

  it.each<[string, Partial<DeliveryMessage>, Partial<ReceivedMessage>]>([
    ['it was received before', {}, { receiveCount: 2 }],
    ['its first receipt is older than a minute', {}, { firstReceivedAt: NOW - MINUTE - 1 }],
    ['it is a later attempt', { attempt: 2 }, {}],
    ['its event was dispatched before', { rerun: true }, {}],
    ['its signature is old', signedAgo(FRESH_MS), {}],
    ['its signature has a later time than now', signedAgo(-FRESH_MS), {}],
    ['it was exhausted and moved back to the lane', { exhausted: true }, {}],
  ])('is not fresh when %s', (_, change, from) => {
    expect(receive(change, from)).toMatchObject({ kind: 'delivery', fresh: false });
  });

  it('that was exhausted becomes a new delivery that starts over, with an expiry of its own', () => {
    const old = message({ exhausted: true, attempt: 4, after: 'token' });

    const item = receive(old);

    if (item?.kind !== 'delivery') throw new Error('not a delivery');
    expect(item.message).toMatchObject({
      attempt: 1,
      redriveOf: old.deliveryId,
      startedAt: NOW,
      history: [],
    });
    expect(item.message.deliveryId).not.toBe(old.deliveryId);
    expect(item.message).not.toHaveProperty('after');
  });
});

describe('a late message', () => {
  it('is one that was received before, or whose first receipt is older than a minute [FAULT-6]', () => {
    expect(isLate(received(), NOW + MINUTE)).toBe(false);
    expect(isLate(received(), NOW + MINUTE + 1)).toBe(true);
    expect(isLate(received({ receiveCount: 2 }), NOW)).toBe(true);
  });
});
