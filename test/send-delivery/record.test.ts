import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SendPorts } from '../../lambdas/send-delivery/ports.ts';
import { createRecorder, headerOf, type Recorder } from '../../lambdas/send-delivery/record.ts';
import { createCallBatcher } from '../../lambdas/shared/runtime/call-batcher.ts';
import { attempt, message, NOW } from '../support/builders.ts';
import { createTestTimer } from '../support/test-timer.ts';
import { nthDeliveryId } from './builders.ts';

const HEADER = headerOf(message());
const SUCCESS = attempt({ status: 200 });

const unexpected = (): Promise<never> => Promise.reject(new Error('not part of this test'));

/** A recorder whose writes are these functions. */
function startRecorder(records: Partial<SendPorts['records']>, writeDeadline = new Promise<void>(() => {})) {
  const clock = createTestTimer();
  const counted: string[] = [];
  const logged: unknown[] = [];
  const ignore = (): void => undefined;
  const callBatcher = createCallBatcher(createTestTimer());
  const writes = {
    putDelivered: unexpected,
    recordSuccess: unexpected,
    recordFailure: unexpected,
    recordEnd: unexpected,
    takeOver: unexpected,
    claim: unexpected,
    markResent: unexpected,
    ...records,
  };
  const recorder = createRecorder(
    {
      ports: { records: writes },
      clock,
      counters: { count: (name) => counted.push(name), measureLatency: () => undefined },
      log: { info: ignore, warn: ignore, error: (_, fields) => logged.push(fields) },
    },
    { callBatcher, writeDeadline },
  );
  const run = <Result>(task: (one: Recorder) => Promise<Result>): Promise<Result> =>
    callBatcher.run(async () => {
      // Other tasks start before this one writes.
      await nextTurn();
      return task(recorder);
    });
  return { run, waits: clock.waits, counted, logged };
}

describe('a write that fails', () => {
  it.each([
    ['the success of an only attempt', (one: Recorder) => one.onlyAttempt(HEADER, SUCCESS)],
    ['a success', (one: Recorder) => one.success(HEADER, SUCCESS)],
    ['a failure', (one: Recorder) => one.failure(HEADER, attempt(), 'retrying', {})],
  ])('is tried three times again, and then counted and logged as lost: %s [FAULT-22]', async (_, write) => {
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    const { run, waits, counted, logged } = startRecorder({
      putDelivered: fail,
      recordSuccess: fail,
      recordFailure: fail,
    });

    await run<unknown>(write);

    expect(waits).toEqual([100, 400, 1_000]);
    expect(counted).toEqual(['log_lost']);
    expect(logged).toMatchObject([{ delivery_id: HEADER.deliveryId, why: 'Error: no' }]);
  });

  it('is not tried again after it succeeds', async () => {
    let writes = 0;
    const { run, waits, counted } = startRecorder({
      recordEnd: async () => {
        if (++writes === 1) throw new Error('no');
        return 'recorded';
      },
    });

    await run((one) => one.end(HEADER, 'held', 'the webhook is disabled'));

    expect([writes, waits, counted]).toEqual([2, [100], ['held']]);
  });

  it('of an end is an error, so that its message is redelivered [FAULT-23]', async () => {
    const { run, counted } = startRecorder({ recordEnd: () => Promise.reject(new Error('no')) });

    await expect(run((one) => one.end(HEADER, 'held', 'the webhook is disabled'))).rejects.toThrow('no');
    expect(counted).toEqual([]);
  });

  it('does not stop the delivery: it continues after a failure [FAULT-22]', async () => {
    const { run } = startRecorder({ recordFailure: () => Promise.reject(new Error('no')) });

    expect(await run((one) => one.failure(HEADER, attempt(), 'retrying', {}))).toBe('lost');
  });
});

describe('records of successes that are written together', () => {
  it('are written again when DynamoDB left them unprocessed, and only those', async () => {
    const headers = [1, 2].map((n) => ({ ...HEADER, deliveryId: nthDeliveryId(n) }));
    const written: string[][] = [];
    const { run, waits, counted } = startRecorder({
      putDelivered: async (items) => {
        written.push(items.map(({ delivery }) => delivery.deliveryId));
        return { unwritten: written.length === 1 ? items.slice(1) : [] };
      },
    });

    await Promise.all(headers.map((header) => run((one) => one.onlyAttempt(header, SUCCESS))));

    const [first, second] = headers.map(({ deliveryId }) => deliveryId);
    expect(written).toEqual([[first, second], [second]]);
    expect(waits).toEqual([100]);
    expect(counted).toEqual([]);
  });

  it('are lost when DynamoDB leaves them unprocessed four times', async () => {
    const { run, counted, logged } = startRecorder({
      putDelivered: async (items) => ({ unwritten: [...items] }),
    });

    await run((one) => one.onlyAttempt(HEADER, SUCCESS));

    expect(counted).toEqual(['log_lost']);
    expect(logged).toMatchObject([{ why: 'DynamoDB left it unprocessed' }]);
  });
});

describe('the deadline of the writes', () => {
  it('ends the wait for the record of a success, which is then lost', async () => {
    const { run, counted, logged } = startRecorder(
      { recordSuccess: () => new Promise(() => {}) },
      Promise.resolve(),
    );

    await run((one) => one.success(HEADER, SUCCESS));

    expect(counted).toEqual(['log_lost']);
    expect(logged).toMatchObject([{ why: 'the function ran out of time' }]);
  });
});

describe('a record that another copy of the message has written', () => {
  it('ends this copy after a failure, and is not counted again as an end', async () => {
    const { run, counted } = startRecorder({
      recordFailure: async () => 'already_recorded',
      recordEnd: async () => 'already_ended',
    });

    expect(await run((one) => one.failure(HEADER, attempt(), 'retrying', {}))).toBe('superseded');
    await run((one) => one.end(HEADER, 'canceled', 'the webhook was deleted'));
    expect(counted).toEqual([]);
  });
});

describe('the header of a record', () => {
  it('has the start and the original delivery of a repeated message, and neither of another one', () => {
    const repeated = message({ startedAt: NOW + 1, resendOf: nthDeliveryId(1) });

    expect(headerOf(repeated)).toEqual({ ...HEADER, startedAt: NOW + 1, resendOf: nthDeliveryId(1) });
    expect(HEADER).not.toHaveProperty('startedAt');
    expect(HEADER).not.toHaveProperty('resendOf');
  });
});
