import { Fragment } from 'preact';
import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Notice } from '../../kit/layout.tsx';
import { WEBHOOK } from '../../texts/webhook.ts';
import { changeWebhook, verifyWebhook, type Webhook } from './calls.ts';
import type { Cause } from './cause.ts';
import { quoteOf } from './quote.ts';

interface CauseNoticeProps {
  readonly webhook: Webhook;
  readonly cause: Cause;
  readonly onDone: (message: string) => void;
}

export function CauseNotice({ webhook, cause, onDone }: CauseNoticeProps) {
  const verify = useAction(() => verifyWebhook(webhook.id));
  const keep = useAction(() => changeWebhook(webhook.id, undefined, { url: webhook.url }));
  const address = `/console/webhooks/${webhook.id}/deliveries/${cause.failure}`;
  return (
    <>
      <Notice
        tone={cause.tone}
        title={<Foreign text={cause.title} />}
        actions={
          <>
            {cause.failure && <Button href={address}>{WEBHOOK.cause.seeFailure}</Button>}
            {cause.canVerify && (
              <Button href={`/console/webhooks/new?webhook=${webhook.id}`}>{WEBHOOK.verify.attempts}</Button>
            )}
            {cause.canVerify && (
              <ActionButton
                kind={webhook.status === 'verification_failed' ? 'filled' : 'plain'}
                isBusy={verify.isRunning}
                onClick={() => void verify.run(undefined).then((sent) => sent && onDone(WEBHOOK.verify.sent))}
              >
                {WEBHOOK.verify.again}
              </ActionButton>
            )}
            {cause.canVerify && webhook.pending_url !== null && (
              <ActionButton
                isBusy={keep.isRunning}
                onClick={() => void keep.run(undefined).then((kept) => kept && onDone(WEBHOOK.verify.kept))}
              >
                {WEBHOOK.verify.keepUrl}
              </ActionButton>
            )}
          </>
        }
      >
        {cause.texts.map((text, index) => (
          <Fragment key={text}>
            <p>
              <Foreign text={text} />
            </p>
            {index === 0 && cause.failure && <Answer webhookId={webhook.id} deliveryId={cause.failure} />}
          </Fragment>
        ))}
      </Notice>
      {[verify, keep].map(({ problem }) => problem && <ErrorPanel problem={problem} />)}
    </>
  );
}

/** A line of what the endpoint answered last. */
function Answer({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const path = { webhook_id: webhookId, delivery_id: deliveryId };
  const { data } = useQuery(`answer ${deliveryId}`, (signal) =>
    bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries/{delivery_id}', { params: { path }, signal })),
  );
  const body = data?.attempts.findLast(({ error }) => error !== undefined)?.response?.body ?? '';
  const quoted = quoteOf(body);
  if (quoted === '') return null;
  return (
    <p>
      {WEBHOOK.cause.answered}{' '}
      <code>
        <Foreign text={quoted} />
      </code>
    </p>
  );
}
