import { describe, expect, it } from 'vitest';
import { receiverIn, requireCanaryUrl } from '../../command/canary/find-webhooks.ts';
import { startCanary } from '../../command/canary/start.ts';
import { canary } from '../../command/doctor/canary.ts';
import type { Webhook, WebhookStatus } from '../../lambdas/shared/domain/webhook.ts';
import { webhook, webhookId } from '../support/builders.ts';
import { createTestTimer } from '../support/test-timer.ts';

const URL = 'https://api.example.com/v1/canary';
const target = (outputs: Record<string, string>) => ({ kind: 'aws' as const, outputs, clientSettings: {} });
const canaryWebhook = (id: string, change: Partial<Webhook> = {}) =>
  webhook({ id: webhookId(id), url: URL, ...change });

/** Starts the canary with an API whose new webhook has these states, the last one for ever. */
async function start(existing: readonly Webhook[], states: readonly WebhookStatus[] = ['active']) {
  const calls: string[] = [];
  const remainingStates = [...states];
  const api = {
    async call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
      calls.push([method, path, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' '));
      if (method === 'POST') return { id: 'wh_new' };
      const status = remainingStates.length > 1 ? remainingStates.shift() : remainingStates[0];
      return { status, verification_error: 'it answered 503' };
    },
  };
  const clock = createTestTimer();
  const progress: string[] = [];
  const onProgress = (line: string) => void progress.push(line);
  const result = await startCanary(api, { url: URL, existing, clock, onProgress }).catch(
    (error: Error) => error.message,
  );
  return { result, calls, progress, waitedMs: clock.waits.reduce((sum, wait) => sum + wait, 0) };
}

describe('starting the canary', () => {
  it('registers its webhook for its event alone, and waits until it is active', async () => {
    const { result, calls } = await start([], ['pending', 'pending', 'active']);

    expect(result).toBe('wh_new');
    expect(calls[0]).toBe(
      `POST /v1/webhooks {"url":"${URL}","events":["webhook.canary"],"description":"The deployment's own webhook"}`,
    );
    expect(calls.slice(1)).toEqual(Array(3).fill('GET /v1/webhooks/wh_new'));
  });

  it('changes nothing when the webhook is active', async () => {
    expect(await start([canaryWebhook('wh_1')])).toMatchObject({ result: 'wh_1', calls: [] });
  });

  it.each([
    ['of another URL', { url: 'https://old.example.com/v1/canary' }],
    ['that is disabled', { status: 'disabled' }],
    ['that was not verified', { status: 'verification_failed' }],
  ] as const)('replaces a webhook %s', async (_, change) => {
    const { result, calls } = await start([canaryWebhook('wh_old', change)]);

    expect(result).toBe('wh_new');
    expect(calls[0]).toBe('DELETE /v1/webhooks/wh_old');
  });

  it('fails with the reason when the challenge is not answered', async () => {
    const { result } = await start([], ['pending', 'verification_failed']);

    expect(result).toBe("the canary's webhook wh_new did not answer its challenge: it answered 503");
  });

  it('ends after a minute', async () => {
    const { result, waitedMs, progress } = await start([], ['pending']);

    expect(result).toMatch(/within 60 s; "doctor" checks the deployment/);
    expect(waitedMs).toBe(60_000);
    expect(progress).toEqual(
      [0, 10, 20, 30, 40, 50].map((s) => `wh_new has not answered its challenge after ${s} of 60 s …`),
    );
  });
});

describe('the receiver of the canary', () => {
  it('is the active webhook at its URL', () => {
    const [other, disabled, receiver] = [
      canaryWebhook('wh_1', { url: 'https://api.example.com/' }),
      canaryWebhook('wh_2', { status: 'disabled' }),
      canaryWebhook('wh_3'),
    ];

    expect(receiverIn([other, disabled, receiver], URL)).toBe(receiver);
    expect(receiverIn([other, disabled], URL)).toBeUndefined();
  });
});

describe('a deployment without canary', () => {
  it('has no canary to start, and the error states how to enable it', () => {
    expect(() => requireCanaryUrl(target({}))).toThrow(/has no canary; turn it on with "npx cdk deploy -c/);
  });

  it('is not reported as a problem by doctor', async () => {
    const deployment = {
      target: target({}),
      stack: 'Shop',
      template: async () => undefined,
      io: { answer: () => undefined, warn: () => undefined, progress: () => undefined },
      clock: createTestTimer(),
      test: undefined,
    };

    expect(await canary.run(deployment)).toEqual({
      status: 'not_checked',
      detail: 'the deployment has no canary',
    });
  });
});
