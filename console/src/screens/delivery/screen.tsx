import '../../parts/parts.css';
import './delivery.css';
import { useState } from 'preact/hooks';
import { StatusBadge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { EmptyState, ScreenHead } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { isMissing, useWebhook, webhookAddress, webhookCrumbs } from '../../parts/webhook.tsx';
import { useRoute } from '../../shell/router.tsx';
import { useTitle } from '../../shell/use-title.ts';
import { DELIVERY } from '../../texts/delivery.ts';
import { WEBHOOK } from '../../texts/webhook-name.ts';
import { Attempts } from './attempts.tsx';
import { RequestSection } from './request.tsx';
import { NewDelivery, SendAgainButton, SendAgainProblem, useSendAgain } from './send-again.tsx';
import { CauseNotice, DeliveryFacts } from './summary.tsx';
import { useDelivery } from './use-delivery.ts';

export default function DeliveryScreen() {
  const { id = '', delivery: deliveryId = '' } = useRoute().params;
  const webhook = useWebhook(id);
  const query = useDelivery(id, deliveryId);
  const sendAgain = useSendAgain(id, deliveryId);
  const [sent, setSent] = useState<{ delivery_id: string; event_id: string }>();
  const delivery = query.data;
  const title = delivery?.event_type ?? WEBHOOK.delivery;
  useTitle(DELIVERY.titleOf(title, deliveryId));

  async function send(): Promise<void> {
    const answer = await sendAgain.run(undefined);
    if (answer === undefined) return;
    setSent(answer);
    // The delivery now has the id of its repeat.
    query.reload();
  }

  const deliveries = `${webhookAddress(id)}/deliveries`;
  return (
    <>
      <ScreenHead
        title={<Foreign text={title} />}
        crumbs={webhookCrumbs(id, webhook.data, [{ href: deliveries, text: WEBHOOK.deliveries }])}
        aside={delivery && <StatusBadge status={delivery.status} />}
        actions={
          delivery && (
            <SendAgainButton
              delivery={delivery}
              webhook={webhook.data}
              isDeleted={isMissing(webhook)}
              isBusy={sendAgain.isRunning}
              onClick={() => void send()}
            />
          )
        }
      />
      <SendAgainProblem action={sendAgain} webhookId={id} />
      {sent && <NewDelivery key={sent.delivery_id} webhookId={id} sent={sent} />}
      {query.isLoading && <Loading rows={8} />}
      {isMissing(query) ? (
        <EmptyState action={<Button href={deliveries}>{DELIVERY.showDeliveries}</Button>}>
          {DELIVERY.missing}
        </EmptyState>
      ) : (
        <QueryProblem query={query} />
      )}
      {delivery && (
        <>
          <CauseNotice
            delivery={delivery}
            isActive={webhook.data?.status === 'active'}
            onDue={query.reload}
          />
          <Attempts attempts={delivery.attempts} />
          {delivery.request && <RequestSection request={delivery.request} attempts={delivery.attempts} />}
          <DeliveryFacts delivery={delivery} />
        </>
      )}
    </>
  );
}
