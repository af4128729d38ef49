import type { Fault } from '../../chaos/fault.ts';
import type { Scenario, WebhookSpec } from '../../chaos/scenario.ts';

/** An active webhook of account 0 that wants everything and answers 200. */
export function webhook(change: Partial<WebhookSpec> = {}): WebhookSpec {
  return {
    account: 0,
    events: '*',
    state: 'active',
    markedSlow: false,
    answers: ['ok'],
    answersElsewhere: ['ok'],
    ...change,
  };
}

/** One event to one webhook, and nothing goes wrong. */
export function scenario(change: Partial<Scenario> = {}): Scenario {
  return {
    webhooks: [webhook()],
    crowd: 0,
    actions: [{ do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 }],
    faults: [],
    environments: 20,
    ...change,
  };
}

/** The nth call of an action of DynamoDB takes effect that much later. */
export function late(
  action: 'UpdateItem' | 'Query' | 'PutItem' | 'BatchGetItem',
  nth: number,
  delayMs: number,
): Extract<Fault, { fault: 'call' }> {
  return { fault: 'call', call: `dynamodb:${action}`, nth, effects: ['delay'], delayMs };
}

/**
 * Before copies took over by token, a superseded copy started attempt 2 again while the killed attempt 2 came back,
 * too: one endpoint that hangs and three faults gave 8 requests.
 */
export const MULTIPLIED: Scenario = scenario({
  webhooks: [webhook({ answers: ['hang'] })],
  faults: [
    { fault: 'post', nth: 1, webhook: 0, effect: 'kill_open' },
    { fault: 'post', nth: 4, webhook: 0, effect: 'kill_after' },
    { fault: 'event_twice', nth: 1, afterMs: 100_000 },
  ],
});

/** Many kinds of faults at once. */
export const ANY_FAULTS: Scenario = scenario({
  webhooks: [
    webhook({ answers: ['error', 'hang', 'ok'] }),
    webhook({ state: 'pending', answers: ['slow'] }),
    webhook({ events: 'webhook.*', answers: ['error'] }),
    webhook({ account: 1 }),
  ],
  crowd: 12,
  actions: [
    { do: 'publish', at: 500, account: 0, event: 0, type: 'file.uploaded', body: 0 },
    { do: 'publish', at: 900, account: 0, event: 0, type: 'file.uploaded', body: 1 },
    { do: 'publish', at: 2_000, account: 1, event: 0, type: 'file.deleted', body: 1 },
    { do: 'repoint', at: 1_000, webhook: 0 },
    { do: 'redrive', at: 600_000, to: 'first' },
  ],
  faults: [
    { fault: 'post', nth: 2, effect: 'kill_after' },
    { fault: 'call', call: 'sqs:SendMessageBatch', nth: 3, effects: ['partial'], delayMs: 0 },
    { fault: 'message_twice', nth: 1, afterMs: 10 },
    { fault: 'down', service: 'dynamodb', from: 3_000, forMs: 30_000, slowly: true },
  ],
  environments: 2,
});
