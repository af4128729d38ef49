import { planDelivery } from '../shared/domain/plan.ts';
import { SECRET_UNREADABLE, type Webhook } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/runtime/live-secrets.ts';
import { sign } from '../shared/wire/sign.ts';
import type { SendDeps } from './deps.ts';
import { type Outcome, SETTLED, WAITING } from './outcome.ts';
import type { DeliveryState } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';
import { headerOf } from './record-attempts.ts';
import { activate, type BatchParts, followUp, type Sending, sendOnce } from './send-once.ts';

/** Handles a message that may have been handled before, by what is recorded of it. */
export async function sendKnown(
  deps: SendDeps,
  parts: BatchParts,
  { message, from }: ReceivedDelivery,
  state: DeliveryState,
  forwardIfSlow: (webhook: Webhook) => Promise<Outcome | undefined>,
): Promise<Outcome> {
  const plan = planDelivery({
    message,
    ...state,
    redelivered: from.receiveCount > 1,
    now: deps.clock.now(),
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  switch (plan.do) {
    case 'acknowledge':
      deps.counters.count('duplicate_dropped');
      return SETTLED;
    case 'wait':
      return WAITING;
    case 'activate':
      await activate(deps, message);
      return SETTLED;
    case 'end':
      await parts.recorder.end(headerOf(message), plan.status, plan.reason);
      return SETTLED;
    case 'follow_up':
      return followUp(
        deps,
        parts,
        message,
        plan.attempt,
        state.webhook === 'unreadable' ? undefined : state.webhook,
      );
    case 'attempt': {
      const forwarded = await forwardIfSlow(plan.webhook);
      if (forwarded !== undefined) return forwarded;
      const sending = await signAfresh(deps, { message, from }, plan.webhook);
      if (sending !== undefined) return sendOnce(deps, parts, sending);
      await parts.recorder.end(headerOf(message), 'held', SECRET_UNREADABLE);
      return SETTLED;
    }
  }
}

/** With the secrets, the URL and the time of now; undefined when a secret does not open. */
async function signAfresh(
  { ports, clock, log }: SendDeps,
  { message }: Pick<ReceivedDelivery, 'message' | 'from'>,
  webhook: Webhook,
): Promise<Sending | undefined> {
  const now = clock.now();
  const live = await openLiveSecrets(webhook, ports.openSecret, now);
  if (!live.ok) {
    log.error('a signing secret does not open', { webhook_id: message.webhookId, why: live.reason });
    return undefined;
  }
  return {
    message,
    webhook,
    fresh: false,
    // A challenge goes where it was meant for; anything else to the URL in force.
    url: message.kind === 'verification' ? message.url : webhook.url,
    signed: sign({
      secrets: live.secrets,
      eventId: message.eventId,
      timestamp: Math.floor(now / 1000),
      body: message.body,
    }),
  };
}
