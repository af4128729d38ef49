import type { components } from '../../api/schema.d.ts';
import type { Tone } from '../../kit/status.ts';
import type { Health } from '../../parts/health.ts';
import { howSlow, whatServerDoes, whatToDo } from '../../texts/causes.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import { attentionOf } from './attention.ts';

type Webhook = components['schemas']['Webhook'];

/** Why a webhook needs attention, in sentences. */
export interface Cause {
  readonly tone: Tone;
  readonly title: string;
  readonly texts: readonly string[];
  /** The delivery whose answer shows the reason. */
  readonly failure?: string;
  /** Whether a new challenge can help. */
  readonly canVerify?: boolean;
}

/** Undefined: it needs no attention. `clock` formats a time of the API. Health is undefined while it is loaded. */
export function causeOf(
  webhook: Webhook,
  health: Health | undefined,
  clock: (at: string) => string,
): Cause | undefined {
  const texts = WEBHOOK.cause;
  const isNewUrl = webhook.status === 'active';
  const reason = webhook.verification_error === null ? [] : [asSentence(webhook.verification_error)];
  switch (attentionOf(webhook)) {
    case 'disabled_by_service': {
      const since = webhook.disabled_at === null ? undefined : clock(webhook.disabled_at);
      const why =
        webhook.disabled_reason === null
          ? []
          : [texts.disabledReason(localizeReason(withoutStop(webhook.disabled_reason), clock))];
      return {
        ...{ tone: 'bad', title: texts.disabledByService(since), texts: [...why, texts.disabledNext] },
        ...failureOf(health),
      };
    }
    case 'disabled':
      return { tone: 'quiet', title: texts.disabled, texts: [texts.disabledText] };
    case 'failing':
      return failing(webhook, health, clock);
    case 'verification_failed':
      return {
        tone: 'bad',
        title: isNewUrl ? texts.newUrlFailed : texts.verificationFailed,
        texts: reason,
        canVerify: true,
      };
    case 'pending':
      return isNewUrl
        ? { tone: 'info', title: texts.newUrlPending, texts: [texts.newUrlPendingText], canVerify: true }
        : { tone: 'info', title: texts.pending, texts: [texts.pendingText], canVerify: true };
    case 'slow': {
      const since = webhook.slow_since === null ? '' : clock(webhook.slow_since);
      const what = howSlow(health?.last_hour.p50_ms ?? null);
      return { tone: 'warn', title: texts.slow(since, what), texts: [texts.slowText] };
    }
    default:
      return undefined;
  }
}

function failing(webhook: Webhook, health: Health | undefined, clock: (at: string) => string): Cause {
  const { error = null, status = null } = health?.last_failure ?? {};
  const since = clock(webhook.failing_since ?? webhook.updated_at);
  const texts: string[] = [];
  if (health !== undefined) {
    const { delivered, exhausted, complete } = health.last_day;
    const time = health.last_failure === null ? undefined : clock(health.last_failure.at);
    texts.push(
      WEBHOOK.cause.failedOf(exhausted, delivered + exhausted, !complete),
      whatToDo(error, status, time),
    );
  }
  if (webhook.warned_at !== null && health?.disable_after) {
    texts.push(WEBHOOK.cause.warned(health.disable_after.exhausted, health.disable_after.hours));
  }
  return {
    ...{ tone: 'bad', title: WEBHOOK.cause.failing(since, whatServerDoes(error, status)), texts },
    ...failureOf(health),
  };
}

function failureOf(health: Health | undefined): { failure?: string } {
  const id = health?.last_failure?.delivery_id;
  return id === undefined ? {} : { failure: id };
}

function asSentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${withoutStop(reason).slice(1)}.`;
}

const ISO_TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Replaces times by those of the viewer's zone, and `exhausted` by the console's word for it. */
function localizeReason(reason: string, clock: (at: string) => string): string {
  return reason.replace(ISO_TIME, clock).replace('were exhausted', 'failed');
}

function withoutStop(reason: string): string {
  return reason.replace(/\.$/, '');
}
