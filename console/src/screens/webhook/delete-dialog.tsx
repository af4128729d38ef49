import { answerOf, api } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import type { Webhook } from './calls.ts';

interface DeleteDialogProps {
  readonly webhook: Webhook;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function DeleteDialog({ webhook, onClose, onDone }: DeleteDialogProps) {
  const path = { webhook_id: webhook.id };
  const remove = useAction(() => answerOf(api.DELETE('/v1/webhooks/{webhook_id}', { params: { path } })));
  return (
    <ActionDialog
      title={SETTINGS.deleteTitle}
      confirm={SETTINGS.deleteConfirm}
      isDangerous
      action={remove}
      onConfirm={() => void remove.run(undefined).then((answer) => answer && onDone())}
      onClose={onClose}
    >
      <p class="strong">
        <Foreign text={webhook.url} />
      </p>
      <p>{SETTINGS.deleteText}</p>
      <p class="secondary">{SETTINGS.deleteHint}</p>
    </ActionDialog>
  );
}
