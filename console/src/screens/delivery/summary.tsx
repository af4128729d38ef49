import { Button } from '../../kit/button.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Facts, Notice, Section } from '../../kit/layout.tsx';
import { Countdown, Time } from '../../kit/time.tsx';
import { deliveryAddress } from '../../parts/delivery-summary.tsx';
import { webhookAddress } from '../../parts/webhook.tsx';
import { TRIGGERS } from '../../texts/deliveries.ts';
import { CAUSE, DELIVERY } from '../../texts/delivery.ts';
import { causeOf, type Delivery } from './cause.ts';

interface CauseNoticeProps {
  readonly delivery: Delivery;
  /** Whether the webhook receives deliveries. */
  readonly isActive: boolean;
  /** The time of the next attempt has come. */
  readonly onDue: () => void;
}

/** The cause in a sentence, what to do, and when the next attempt is made. */
export function CauseNotice({ delivery, isActive, onDue }: CauseNoticeProps) {
  const { tone, what, more, check } = causeOf(delivery, isActive);
  const { status, next_attempt_at: next, resent_as: resentAs, webhook_id: webhookId } = delivery;
  return (
    <Notice
      tone={tone}
      title={<Foreign text={what} />}
      actions={
        // Also when this one was sent again: others of the same time failed, too.
        (status === 'held' || status === 'exhausted') &&
        isActive && (
          <Button href={`${webhookAddress(webhookId)}/recover?status=${status}`}>
            {CAUSE.recover[status]}
          </Button>
        )
      }
    >
      {next !== undefined && (
        <p>
          {CAUSE.nextIn} <Countdown until={next} onEnd={onDue} />.
        </p>
      )}
      {more && (
        <p>
          <Foreign text={more} />
        </p>
      )}
      {resentAs === undefined ? (
        check && <p>{check}</p>
      ) : (
        <p>
          {CAUSE.resent} <a href={deliveryAddress(webhookId, resentAs)}>{CAUSE.latest}</a>.
        </p>
      )}
    </Notice>
  );
}

export function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { id, event_id: eventId, webhook_id: webhookId, trigger, created } = delivery;
  const { resend_of: resendOf, resent_as: resentAs } = delivery;
  const linkTo = (deliveryId: string) => (
    <a href={deliveryAddress(webhookId, deliveryId)}>
      <code>{deliveryId}</code>
    </a>
  );
  const facts = [
    {
      label: DELIVERY.event,
      // A challenge is no event that can be read.
      value:
        trigger === 'verification' ? (
          <code>{eventId}</code>
        ) : (
          <a href={`/console/events/${encodeURIComponent(eventId)}`}>
            <Foreign text={eventId} />
          </a>
        ),
    },
    {
      label: DELIVERY.id,
      value: (
        <span class="with-copy">
          <code>{id}</code> <CopyButton text={id} label={DELIVERY.copyId} />
        </span>
      ),
    },
    { label: DELIVERY.trigger, value: TRIGGERS[trigger] ?? trigger },
    { label: DELIVERY.created, value: <Time at={created} /> },
    ...(resendOf === undefined ? [] : [{ label: DELIVERY.repeats, value: linkTo(resendOf) }]),
    ...(resentAs === undefined ? [] : [{ label: DELIVERY.repeatedAs, value: linkTo(resentAs) }]),
  ];
  return (
    <Section title={DELIVERY.facts}>
      <Facts facts={facts} />
    </Section>
  );
}
