import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Sqs } from '../../lambdas/shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility } from '../../lambdas/shared/runtime/visibility.ts';

describe('the delay of a returned message', () => {
  it('is 10 seconds, doubles at each receipt, and is never over 15 minutes [FAULT-21]', () => {
    const delays = Array.from({ length: 200 }, (_, index) => returnDelaySeconds(index + 1));

    expect(delays.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 900]);
    expect(new Set(delays.slice(8))).toEqual(new Set([900]));
  });

  it('adds up to about two days over the receipts of a lane', () => {
    const delays = Array.from({ length: 200 }, (_, index) => returnDelaySeconds(index + 1));

    expect(delays.reduce((sum, delay) => sum + delay) / 86_400).toBeCloseTo(2.0, 1);
  });
});

describe('setting visibility', () => {
  afterEach(() => vi.useRealTimers());

  it('reports only the messages for which SQS confirmed it', async () => {
    const sqs: Sqs = {
      send: async () => ({ Successful: [{ Id: '1' }], Failed: [{ Id: '0', Code: 'MessageNotInflight' }] }),
    };
    const messages = ['r-0', 'r-1'].map((receiptHandle) => ({ receiptHandle, seconds: 120 }));

    expect(await setVisibility(sqs, 'queue', messages)).toEqual(new Set(['r-1']));
  });

  it('reports none when SQS fails', async () => {
    const sqs: Sqs = { send: () => Promise.reject(new Error('down')) };

    expect(await setVisibility(sqs, 'queue', [{ receiptHandle: 'r-0', seconds: 1 }])).toEqual(new Set());
  });

  it('does not delay its function for more than three seconds when SQS does not respond [FAULT-24]', async () => {
    vi.useFakeTimers();
    let calls = 0;
    const sqs: Sqs = {
      send: () => {
        calls++;
        return new Promise(() => undefined);
      },
    };
    const messages = Array.from({ length: 100 }, (_, n) => ({ receiptHandle: `r-${n}`, seconds: 10 }));
    let done = false;
    void setVisibility(sqs, 'queue', messages).then(() => {
      done = true;
    });

    await vi.advanceTimersByTimeAsync(2_999);
    const early = done;
    await vi.advanceTimersByTimeAsync(1);

    expect([early, done]).toEqual([false, true]);
    expect(calls).toBeGreaterThan(1);
  });
});
