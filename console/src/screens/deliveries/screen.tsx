import '../../parts/parts.css';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { ScreenHead } from '../../kit/layout.tsx';
import {
  isMissing,
  nameOf,
  useWebhook,
  WebhookMissing,
  WebhookState,
  webhookAddress,
  webhookCrumbs,
} from '../../parts/webhook.tsx';
import { useRoute } from '../../shell/router.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { useTitle } from '../../shell/use-title.ts';
import { DELIVERIES } from '../../texts/deliveries.ts';
import { Filters } from './filters.tsx';
import { DeliveryLog } from './log.tsx';
import { usePage } from './use-page.ts';

export default function Deliveries() {
  const { id = '' } = useRoute().params;
  const { query, withQuery, go } = useAddress();
  const [isPaused, pause] = useState(false);
  const webhook = useWebhook(id);
  const page = usePage(id, query, !isPaused);
  useTitle(DELIVERIES.titleOf(nameOf(id, webhook.data)));

  // The address of the newest page has no cursor, so that it is live.
  const isNewestByCursor = query.newer !== undefined && page.data?.isNewest === true;
  useEffect(() => {
    if (isNewestByCursor) go(withQuery({ newer: undefined }), true);
  }, [isNewestByCursor]);

  const { status, last, since, until } = query;
  const recoverQuery = new URLSearchParams(
    Object.entries({ status, last, since, until }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  return (
    <>
      <ScreenHead
        title={DELIVERIES.title}
        crumbs={webhookCrumbs(id, webhook.data)}
        actions={
          !isMissing(webhook) && (
            <Button href={`${webhookAddress(id)}/recover?${recoverQuery}`}>{DELIVERIES.recover}</Button>
          )
        }
      />
      {isMissing(page) ? (
        <WebhookMissing />
      ) : (
        <>
          <WebhookState query={webhook} id={id} />
          <Filters
            seenTypes={page.data?.data.map(({ event_type: type }) => type) ?? []}
            isReady={page.data !== undefined}
          />
          <DeliveryLog page={page} isPaused={isPaused} onPause={pause} webhook={webhook.data} />
        </>
      )}
    </>
  );
}
