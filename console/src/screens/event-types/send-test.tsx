import { useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../kit/button.tsx';
import { ErrorPanel } from '../../kit/error-panel.tsx';
import { Field } from '../../kit/field.tsx';
import { EmptyState } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { EVENT_TYPES } from '../../texts/event-types.ts';
import { TestResult } from './test-result.tsx';
import { useActiveWebhooks } from './use-active-webhooks.ts';

/** Sends the example of a type to one of the account's active webhooks, and shows the result. */
export function SendTest({ eventType }: { eventType: string }) {
  const { webhooks, chosen, choose, more, problem, reload } = useActiveWebhooks();
  const [sent, setSent] = useState<{ webhookId: string; deliveryId: string }>();
  const send = useAction(async (webhookId: string, key) => {
    const params = { path: { webhook_id: webhookId }, header: { 'Idempotency-Key': key } };
    const body = { event_type: eventType };
    return bodyOf(api.POST('/v1/webhooks/{webhook_id}/test', { params, body }));
  });

  if (problem !== undefined) return <ErrorPanel problem={problem} onRetry={reload} />;
  if (webhooks === undefined) return <Loading rows={2} />;
  if (webhooks.length === 0) {
    const action = <ActionButton href="/console/webhooks/new">{EVENT_TYPES.newWebhook}</ActionButton>;
    return <EmptyState action={action}>{EVENT_TYPES.noWebhooks}</EmptyState>;
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (chosen === undefined) return;
    setSent(undefined);
    const test = await send.run(chosen);
    if (test !== undefined) setSent({ webhookId: chosen, deliveryId: test.delivery_id });
  }

  return (
    <form class="stack wide" onSubmit={(event) => void submit(event)}>
      <p class="secondary">{EVENT_TYPES.testIntro}</p>
      <Field label={EVENT_TYPES.webhook}>
        {(parts) => (
          <select {...parts} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            {webhooks.map(({ id, url, description }) => (
              <option key={id} value={id}>
                {description === null ? url : `${url} (${description})`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="actions">
        <ActionButton kind="filled" type="submit" isBusy={send.isRunning}>
          {EVENT_TYPES.send}
        </ActionButton>
        {more && (
          <button type="button" class="button plain" onClick={more}>
            {EVENT_TYPES.more}
          </button>
        )}
      </div>
      {send.problem && <ErrorPanel problem={send.problem} />}
      {sent && <TestResult key={sent.deliveryId} {...sent} />}
    </form>
  );
}
