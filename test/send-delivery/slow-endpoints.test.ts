import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlowEndpoints, type SlowEndpoints } from '../../lambdas/send-delivery/slow-endpoints.ts';
import type { WebhookId } from '../../lambdas/shared/domain/ids.ts';
import { attempt, NOW, webhookId } from '../support/builders.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** When an attempt that starts now is judged to hang. */
const JUDGED = 2_100;

let endpoints: SlowEndpoints;
let marks: WebhookId[];

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  endpoints = createSlowEndpoints({ now: () => Date.now() });
  marks = [];
});
afterEach(() => {
  vi.useRealTimers();
});

/** An attempt that ends after so long; `status` is null where nothing was answered. */
function send(name: string, forMs: number, status: number | null = 200): void {
  const id = webhookId(name);
  const made = async () => {
    await new Promise((resolve) => setTimeout(resolve, forMs));
    if (status !== null) return attempt({ status, durationMs: forMs });
    const { status: _, ...unanswered } = attempt({ error: 'connection_error', durationMs: forMs });
    return unanswered;
  };
  void endpoints.watch(id, made, () => marks.push(id));
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const names = (count: number, kind = '') => Array.from({ length: count }, (_, n) => `wh_${kind}${n}`);

describe('an attempt that hangs', () => {
  it('marks its webhook after two seconds, long before it ends [FAULT-31]', async () => {
    send('wh_1', 30 * SECOND);

    await pass(JUDGED - 1);
    const before = [...marks];
    await pass(1);

    expect(before).toEqual([]);
    expect(marks).toEqual([webhookId('wh_1')]);
  });

  it('marks nothing when it is answered in time', async () => {
    send('wh_1', 1_900);

    await pass(MINUTE);

    expect(marks).toEqual([]);
    expect(endpoints.knows(webhookId('wh_1'))).toBe(false);
  });

  it('marks its webhook though that is the only one there is', async () => {
    for (let n = 0; n < 10; n++) send('wh_1', 30 * SECOND);

    await pass(JUDGED);

    expect(endpoints.knows(webhookId('wh_1'))).toBe(true);
    expect(marks).toHaveLength(1);
  });

  it('marks once for any number of others beside and after it, within a minute', async () => {
    for (let second = 0; second < 55; second++) {
      for (let n = 0; n < 3; n++) send('wh_1', 30 * SECOND);
      await pass(SECOND);
    }

    expect(marks).toHaveLength(1);
  });

  it('marks again while it hangs on, as somebody may have taken the mark away', async () => {
    for (let second = 0; second < 180; second++) {
      send('wh_1', 30 * SECOND);
      await pass(SECOND);
    }

    expect(marks).toHaveLength(3);
  });
});

describe('what an environment saw hang', () => {
  it('is known for a minute, and then forgotten', async () => {
    send('wh_1', 30 * SECOND);
    await pass(JUDGED);

    await pass(MINUTE - 1);
    const before = endpoints.knows(webhookId('wh_1'));
    await pass(1);

    expect(before).toBe(true);
    expect(endpoints.knows(webhookId('wh_1'))).toBe(false);
  });

  it('is known of that webhook alone', async () => {
    send('wh_1', 30 * SECOND);
    send('wh_2', 100);

    await pass(JUDGED);

    expect(endpoints.knows(webhookId('wh_2'))).toBe(false);
  });
});

describe('when most webhooks of an environment hang at once', () => {
  it('the fault is taken for ours: nobody is marked, and nobody is known to be slow [FAULT-31]', async () => {
    for (const name of names(3, 'quick')) send(name, 100);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
    expect(endpoints.knows(webhookId('wh_hung0'))).toBe(false);
  });

  it('they are marked all the same where as many others answer', async () => {
    for (const name of names(4, 'quick')) send(name, 100);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(4);
  });

  it('an endpoint that could not be reached does not speak for our network', async () => {
    for (const name of names(9, 'unreachable')) send(name, 100, null);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
  });

  it('nor does an answer from more than a minute ago', async () => {
    for (const name of names(9, 'quick')) send(name, 100);
    await pass(MINUTE);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
  });

  it('an error is an answer: the endpoint was reached', async () => {
    for (const name of names(4, 'failing')) send(name, 100, 500);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(4);
  });

  it('two of them are too few to suspect ourselves', async () => {
    for (const name of names(2, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(2);
  });
});

describe('a mark', () => {
  it('may be taken away by an environment that never saw the webhook hang, once in ten seconds', async () => {
    const first = endpoints.mayClear(webhookId('wh_1'));
    await pass(9_999);
    const tooSoon = endpoints.mayClear(webhookId('wh_1'));
    await pass(1);

    expect([first, tooSoon, endpoints.mayClear(webhookId('wh_1'))]).toEqual([true, false, true]);
  });

  it('stays for a minute after the webhook hung last, however quick it is by turns', async () => {
    send('wh_1', 7 * SECOND);
    await pass(2 * SECOND);

    await pass(MINUTE - 1);
    const before = endpoints.mayClear(webhookId('wh_1'));
    await pass(1);

    expect(before).toBe(false);
    expect(endpoints.mayClear(webhookId('wh_1'))).toBe(true);
  });

  it('stays also where the hanging was taken for a fault of ours', async () => {
    for (const name of names(5)) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(endpoints.mayClear(webhookId('wh_0'))).toBe(false);
  });

  it('is made again at once where it was taken away and the webhook hangs again', async () => {
    send('wh_1', 7 * SECOND);
    await pass(MINUTE + 6 * SECOND);
    endpoints.mayClear(webhookId('wh_1'));

    send('wh_1', 7 * SECOND);
    await pass(JUDGED);

    expect(marks).toHaveLength(2);
  });

  it('of an endpoint that is slow at every other delivery costs at most one write a minute', async () => {
    let tries = 0;
    for (let second = 0; second < 600; second++) {
      send('wh_1', second % 2 === 0 ? 7 * SECOND : 100);
      await pass(SECOND);
      if (endpoints.mayClear(webhookId('wh_1'))) tries++;
    }

    // One try in the first two seconds, before any attempt hung.
    expect(marks.length + tries - 1).toBeLessThanOrEqual(10);
  });
});
