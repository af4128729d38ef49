import { Foreign } from '../kit/foreign.tsx';
import { Time } from '../kit/time.tsx';
import { DELIVERIES, TRIGGERS } from '../texts/deliveries.ts';
import { sentence } from '../texts/language.ts';
import { type ExplainedAttempt, heldText, resultText } from './attempt-text.ts';
import { webhookAddress } from './webhook.tsx';

export function deliveryAddress(webhookId: string, deliveryId: string): string {
  return `${webhookAddress(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}`;
}

/** What happened last, in a few words. */
export function LastResult({
  status,
  reason = '',
  attempt,
  isResent,
  isActive,
}: {
  status: string;
  reason: string | undefined;
  attempt: ExplainedAttempt | undefined;
  isResent: boolean;
  /** Whether the webhook receives deliveries now. */
  isActive: boolean;
}) {
  const text =
    status === 'held'
      ? heldText(reason, isActive, isResent)
      : status === 'canceled' || attempt === undefined
        ? sentence(reason)
        : resultText(attempt);
  return (
    <span>
      <Foreign text={text} />
      {isResent && <span class="secondary"> {DELIVERIES.resent}.</span>}
    </span>
  );
}

/** Nothing for the usual cause, an event. `began`: when a repeat began, which is listed at the time of its event. */
export function TriggerNote({ trigger, began }: { trigger: string | undefined; began?: string | undefined }) {
  if (trigger === undefined || trigger === 'event') return null;
  return (
    <span class="secondary">
      {' '}
      {TRIGGERS[trigger] ?? trigger}
      {began && (
        <>
          , <Time at={began} />
        </>
      )}
    </span>
  );
}
