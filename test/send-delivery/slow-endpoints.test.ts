import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlowEndpoints, type SlowEndpoints } from '../../lambdas/send-delivery/slow-endpoints.ts';
import type { WebhookId } from '../../lambdas/shared/domain/ids.ts';
import { attempt, NOW, webhookId } from '../support/builders.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** Milliseconds after the start of a hanging attempt at which its webhook is marked. */
const DECISION_AT = 2_100;

let endpoints: SlowEndpoints;
/** The webhooks for which a mark was requested, in order. */
let marks: WebhookId[];

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  endpoints = createSlowEndpoints({ now: () => Date.now() });
  marks = [];
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts an attempt that ends after `durationMs`. `status` is null when there is no response. */
function send(name: string, durationMs: number, status: number | null = 200): void {
  const id = webhookId(name);
  const made = async () => {
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    if (status !== null) return attempt({ status, durationMs });
    const { status: _, ...withoutStatus } = attempt({ error: 'connection_error', durationMs });
    return withoutStatus;
  };
  void endpoints.watch(id, made, () => marks.push(id));
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const names = (count: number, kind = '') => Array.from({ length: count }, (_, n) => `wh_${kind}${n}`);

describe('an attempt that hangs', () => {
  it('marks its webhook after two seconds, long before it ends [FAULT-31]', async () => {
    send('wh_1', 30 * SECOND);

    await pass(DECISION_AT - 1);
    const before = [...marks];
    await pass(1);

    expect(before).toEqual([]);
    expect(marks).toEqual([webhookId('wh_1')]);
  });

  it('does not mark its webhook when the response arrives in time', async () => {
    send('wh_1', 1_900);

    await pass(MINUTE);

    expect(marks).toEqual([]);
    expect(endpoints.isSlow(webhookId('wh_1'))).toBe(false);
  });

  it('marks its webhook even if the environment has no other webhook', async () => {
    for (let n = 0; n < 10; n++) send('wh_1', 30 * SECOND);

    await pass(DECISION_AT);

    expect(endpoints.isSlow(webhookId('wh_1'))).toBe(true);
    expect(marks).toHaveLength(1);
  });

  it('marks its webhook once a minute, however many of its attempts hang', async () => {
    for (let second = 0; second < 55; second++) {
      for (let n = 0; n < 3; n++) send('wh_1', 30 * SECOND);
      await pass(SECOND);
    }

    expect(marks).toHaveLength(1);
  });

  it('marks its webhook again every minute while it hangs, since the mark may have been removed', async () => {
    for (let second = 0; second < 180; second++) {
      send('wh_1', 30 * SECOND);
      await pass(SECOND);
    }

    expect(marks).toHaveLength(3);
  });
});

describe('a webhook that hung in an environment', () => {
  it('is slow for that environment for one minute', async () => {
    send('wh_1', 30 * SECOND);
    await pass(DECISION_AT);

    await pass(MINUTE - 1);
    const before = endpoints.isSlow(webhookId('wh_1'));
    await pass(1);

    expect(before).toBe(true);
    expect(endpoints.isSlow(webhookId('wh_1'))).toBe(false);
  });

  it('does not make another webhook slow', async () => {
    send('wh_1', 30 * SECOND);
    send('wh_2', 100);

    await pass(DECISION_AT);

    expect(endpoints.isSlow(webhookId('wh_2'))).toBe(false);
  });
});

describe('when most webhooks of an environment hang at once', () => {
  it('a fault on our side is assumed: no webhook is marked, and none is slow [FAULT-31]', async () => {
    for (const name of names(3, 'quick')) send(name, 100);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
    expect(endpoints.isSlow(webhookId('wh_hung0'))).toBe(false);
  });

  it('they are marked if as many others respond', async () => {
    for (const name of names(4, 'quick')) send(name, 100);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(4);
  });

  it('an endpoint that cannot be reached does not count as responding', async () => {
    for (const name of names(9, 'unreachable')) send(name, 100, null);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
  });

  it('a response from more than a minute ago does not count', async () => {
    for (const name of names(9, 'quick')) send(name, 100);
    await pass(MINUTE);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toEqual([]);
  });

  it('an error status counts as a response', async () => {
    for (const name of names(4, 'failing')) send(name, 100, 500);
    for (const name of names(4, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(4);
  });

  it('two hanging webhooks are too few to assume a fault on our side', async () => {
    for (const name of names(2, 'hung')) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(marks).toHaveLength(2);
  });
});

describe('a mark', () => {
  it('may be removed by an environment in which the webhook did not hang, once in ten seconds', async () => {
    const first = endpoints.mayClear(webhookId('wh_1'));
    await pass(9_999);
    const tooSoon = endpoints.mayClear(webhookId('wh_1'));
    await pass(1);

    expect([first, tooSoon, endpoints.mayClear(webhookId('wh_1'))]).toEqual([true, false, true]);
  });

  it('is not removed for one minute after the webhook last hung, even if it responds quickly in between', async () => {
    send('wh_1', 7 * SECOND);
    await pass(2 * SECOND);

    await pass(MINUTE - 1);
    const before = endpoints.mayClear(webhookId('wh_1'));
    await pass(1);

    expect(before).toBe(false);
    expect(endpoints.mayClear(webhookId('wh_1'))).toBe(true);
  });

  it('is not removed either when a fault on our side was assumed', async () => {
    for (const name of names(5)) send(name, 30 * SECOND);

    await pass(30 * SECOND);

    expect(endpoints.mayClear(webhookId('wh_0'))).toBe(false);
  });

  it('is set again at once when it was removed and the webhook hangs again', async () => {
    send('wh_1', 7 * SECOND);
    await pass(MINUTE + 6 * SECOND);
    endpoints.mayClear(webhookId('wh_1'));

    send('wh_1', 7 * SECOND);
    await pass(DECISION_AT);

    expect(marks).toHaveLength(2);
  });

  it('of an endpoint that is slow for every second delivery costs at most one write a minute', async () => {
    let removals = 0;
    for (let second = 0; second < 600; second++) {
      send('wh_1', second % 2 === 0 ? 7 * SECOND : 100);
      await pass(SECOND);
      if (endpoints.mayClear(webhookId('wh_1'))) removals++;
    }

    // One removal is tried in the first two seconds, before any attempt hung.
    expect(marks.length + removals - 1).toBeLessThanOrEqual(10);
  });
});
