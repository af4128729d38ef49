import { Foreign } from '../kit/foreign.tsx';
import { DELIVERIES, TRIGGERS } from '../texts/deliveries.ts';
import { type ExplainedAttempt, resultText, sentence } from './attempt-text.ts';
import { webhookAddress } from './webhook.tsx';

export function deliveryAddress(webhookId: string, deliveryId: string): string {
  return `${webhookAddress(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}`;
}

/** What happened last, in a few words. */
export function LastResult({
  status,
  reason,
  attempt,
  isResent,
}: {
  status: string;
  reason: string | undefined;
  attempt: ExplainedAttempt | undefined;
  isResent: boolean;
}) {
  const isSkipped = status === 'held' || status === 'canceled';
  const text = isSkipped || attempt === undefined ? sentence(reason ?? '') : resultText(attempt);
  return (
    <span>
      <Foreign text={text} />
      {isResent && <span class="secondary"> {DELIVERIES.resent}.</span>}
    </span>
  );
}

/** Nothing for the usual cause, an event. */
export function TriggerNote({ trigger }: { trigger: string | undefined }) {
  if (trigger === undefined || trigger === 'event') return null;
  return <span class="secondary"> {TRIGGERS[trigger] ?? trigger}</span>;
}
