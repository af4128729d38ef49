import { describe, expect, it } from 'vitest';
import type { Sqs } from '../../lambdas/shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility } from '../../lambdas/shared/runtime/visibility.ts';
import { createTestTimer } from '../support/test-timer.ts';

describe('the delay of a returned message', () => {
  it('is 10 seconds, doubles at each receipt, and is at most 15 minutes [FAULT-21]', () => {
    const delays = Array.from({ length: 200 }, (_, index) => returnDelaySeconds(index + 1));

    expect(delays.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 900]);
    expect(new Set(delays.slice(8))).toEqual(new Set([900]));
  });

  it('is about two days in total over the receipts of a lane', () => {
    const delays = Array.from({ length: 200 }, (_, index) => returnDelaySeconds(index + 1));

    expect(delays.reduce((sum, delay) => sum + delay) / 86_400).toBeCloseTo(2.0, 1);
  });
});

describe('setting visibility', () => {
  it('reports only the messages for which SQS confirmed it', async () => {
    const sqs: Sqs = {
      send: async () => ({ Successful: [{ Id: '1' }], Failed: [{ Id: '0', Code: 'MessageNotInflight' }] }),
    };
    const messages = ['r-0', 'r-1'].map((receiptHandle) => ({ receiptHandle, seconds: 120 }));

    expect(await setVisibility(sqs, createTestTimer(), 'queue', messages)).toEqual(new Set(['r-1']));
  });

  it('reports none when SQS fails', async () => {
    const sqs: Sqs = { send: () => Promise.reject(new Error('down')) };

    expect(
      await setVisibility(sqs, createTestTimer(), 'queue', [{ receiptHandle: 'r-0', seconds: 1 }]),
    ).toEqual(new Set());
  });

  it('ends after three seconds when SQS does not respond [FAULT-24]', async () => {
    const timer = createTestTimer();
    let calls = 0;
    const sqs: Sqs = {
      send: () => {
        calls++;
        return new Promise(() => undefined);
      },
    };
    const messages = Array.from({ length: 100 }, (_, n) => ({ receiptHandle: `r-${n}`, seconds: 10 }));

    expect(await setVisibility(sqs, timer, 'queue', messages)).toEqual(new Set());

    expect(timer.waits).toEqual([3_000]);
    expect(calls).toBeGreaterThan(1);
  });
});
