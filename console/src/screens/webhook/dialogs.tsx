import { useState } from 'preact/hooks';
import { subscribesTo } from '../../../../lambdas/shared/domain/subscription.ts';
import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Field } from '../../kit/field.tsx';
import { useEventTypes } from '../../parts/use-event-types.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import { changeWebhook, countHeld, type Webhook } from './calls.ts';

interface DialogProps {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

export function DisableDialog({ webhook, onClose, onDone }: DialogProps & { onDone: () => void }) {
  const disable = useAction(() => changeWebhook(webhook.id, undefined, { status: 'disabled' }));
  return (
    <ActionDialog
      title={WEBHOOK.disable.title}
      confirm={WEBHOOK.disable.confirm}
      isDangerous
      action={disable}
      onConfirm={() => void disable.run(undefined).then((changed) => changed && onDone())}
      onClose={onClose}
    >
      <p>{WEBHOOK.disable.text}</p>
    </ActionDialog>
  );
}

export function EnableDialog({ webhook, onClose, onDone }: DialogProps & { onDone: (held: number) => void }) {
  const held = useQuery(`held ${webhook.id}`, (signal) => countHeld(webhook, signal));
  const enable = useAction(() => changeWebhook(webhook.id, undefined, { status: 'active' }));
  return (
    <ActionDialog
      title={WEBHOOK.enable.title}
      confirm={WEBHOOK.enable.confirm}
      action={enable}
      onConfirm={() => void enable.run(undefined).then((changed) => changed && onDone(changed.held ?? 0))}
      onClose={onClose}
    >
      <p aria-live="polite">
        {held.isLoading && WEBHOOK.enable.counting}
        {held.data &&
          'count' in held.data &&
          WEBHOOK.enable.held(held.data.count, held.data.at_least === true)}
      </p>
      <QueryProblem query={held} />
      <p>{WEBHOOK.enable.text}</p>
    </ActionDialog>
  );
}

/** `onDone` gets the id of the delivery. */
export function TestDialog({
  webhook,
  onClose,
  onDone,
}: DialogProps & { onDone: (deliveryId: string) => void }) {
  const types = useEventTypes();
  const names = types.data?.data.map(({ name }) => name) ?? [];
  const [chosen, choose] = useState<string>();
  const type = chosen ?? names.find((name) => subscribesTo(webhook.events, name)) ?? names[0];
  const test = useAction((event_type: string, key) =>
    bodyOf(
      api.POST('/v1/webhooks/{webhook_id}/test', {
        params: { path: { webhook_id: webhook.id }, header: { 'Idempotency-Key': key } },
        body: { event_type },
      }),
    ),
  );
  return (
    <ActionDialog
      title={WEBHOOK.test.title}
      confirm={WEBHOOK.test.send}
      action={test}
      onConfirm={() => void (type && test.run(type).then((sent) => sent && onDone(sent.delivery_id)))}
      onClose={onClose}
    >
      <p>{WEBHOOK.test.text}</p>
      <QueryProblem query={types} />
      <Field label={WEBHOOK.test.type}>
        {(parts) => (
          <select {...parts} value={type} onChange={(event) => choose(event.currentTarget.value)}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
    </ActionDialog>
  );
}
