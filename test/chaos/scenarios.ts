import { urlPrefixOf } from '../../chaos/endpoints.ts';
import type { Scenario, WebhookSpec } from '../../chaos/scenario.ts';
import type { CallEffects, CallName, Fault, FaultOf, PostEffect } from '../../local/faults/fault.ts';

/** An active webhook of account 0 that is subscribed to all types and answers 200. */
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

/** One event for one webhook, without faults. */
export function scenario(change: Partial<Scenario> = {}): Scenario {
  return {
    webhooks: [webhook()],
    extraWebhooks: 0,
    actions: [{ do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 }],
    faults: [],
    environments: 20,
    ...change,
  };
}

/** A fault of the nth call of an action, and of those after it if there are several effects. */
export function callFault(call: CallName, nth: number, ...effects: CallEffects): FaultOf<'call'> {
  return { fault: 'call', calls: [call], effects, when: { from: nth } };
}

/** A fault of the nth update of a record by a sender. Other functions update the audit log and recoveries. */
export function recordFault(nth: number, ...effects: CallEffects): FaultOf<'call'> {
  return {
    ...callFault('dynamodb:UpdateItem', nth, ...effects),
    by: 'SendDelivery',
    on: 'DeliveriesTable',
  };
}

/** Four effects: all tries of a sender to write a record fail. */
export const ALL_TRIES_FAIL: CallEffects = [{ do: 'fail' }, { do: 'fail' }, { do: 'fail' }, { do: 'fail' }];

export function delay(ms: number): CallEffects[0] {
  return { do: 'delay', ms };
}

/** A sender is killed at its nth POST to the first webhook. */
export function postFault(nth: number, effect: PostEffect): FaultOf<'post'> {
  return { fault: 'post', effect, to: urlPrefixOf(0), when: { from: nth } };
}

/** SQS delivers the nth message a second time. The first message is the event's, the second one the delivery's. */
export function messageTwice(nth: number, afterMs: number): FaultOf<'message_twice'> {
  return { fault: 'message_twice', second: afterMs, when: { from: nth } };
}

/** A service fails slowly for a time. */
export function slowOutage(service: 'dynamodb' | 'kms', afterMs: number, forMs: number): Fault {
  return {
    fault: 'call',
    calls: [`${service}:*`],
    effects: [{ do: 'fail', afterMs: 6_300 }],
    when: { afterMs, forMs },
  };
}

/**
 * Regression: before copies took over by token, a superseded copy repeated attempt 2 while the killed attempt 2 was
 * redelivered, too. One endpoint that does not respond and three faults caused 8 requests.
 */
export const MULTIPLIED: Scenario = scenario({
  webhooks: [webhook({ answers: ['hang'] })],
  faults: [
    postFault(1, 'kill_open'),
    postFault(4, 'kill_after'),
    { fault: 'event_twice', afterMs: 100_000, when: { from: 1 } },
  ],
});

/** Many kinds of faults in one run. */
export const ANY_FAULTS: Scenario = scenario({
  webhooks: [
    webhook({ answers: ['error', 'hang', 'ok'] }),
    webhook({ state: 'pending', answers: ['slow'] }),
    webhook({ events: 'webhook.*', answers: ['error'] }),
    webhook({ account: 1 }),
  ],
  extraWebhooks: 12,
  actions: [
    { do: 'publish', at: 500, account: 0, event: 0, type: 'file.uploaded', body: 0 },
    { do: 'publish', at: 900, account: 0, event: 0, type: 'file.uploaded', body: 1 },
    { do: 'publish', at: 2_000, account: 1, event: 0, type: 'file.deleted', body: 1 },
    { do: 'repoint', at: 1_000, webhook: 0 },
    { do: 'redrive', at: 600_000, to: 'first' },
  ],
  faults: [
    { fault: 'post', effect: 'kill_after', when: { from: 2 } },
    callFault('sqs:SendMessageBatch', 3, { do: 'partial', failed: 1, of: 3 }),
    messageTwice(1, 10),
    slowOutage('dynamodb', 3_000, 30_000),
  ],
  environments: 2,
});
