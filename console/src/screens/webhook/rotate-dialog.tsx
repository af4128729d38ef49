import { useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { Button } from '../../kit/button.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { Countdown } from '../../kit/time.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import type { Webhook } from './calls.ts';

/** The default of the service. */
const DEFAULT_GRACE_SECONDS = '86400';

/** In the order in which they are offered. An object would sort these keys as numbers. */
const GRACE_SECONDS = ['3600', '86400', '604800', '0'];

/** The new secret is shown here, once, and is not kept anywhere. */
export function RotateDialog({
  webhook,
  onClose,
}: {
  webhook: Webhook;
  onClose: (isRotated: boolean) => void;
}) {
  const [grace, setGrace] = useState(DEFAULT_GRACE_SECONDS);
  const [rotated, setRotated] = useState<{ secret?: string; previous_expires_at: string | null }>();
  const rotate = useAction((grace_seconds: number, key) =>
    bodyOf(
      api.POST('/v1/webhooks/{webhook_id}/secret/rotate', {
        params: { path: { webhook_id: webhook.id }, header: { 'Idempotency-Key': key } },
        body: { grace_seconds },
      }),
    ),
  );

  if (rotated !== undefined) {
    return (
      <Dialog title={SETTINGS.newSecret} onClose={() => onClose(true)}>
        {rotated.secret === undefined ? (
          <p>{SETTINGS.secretLost}</p>
        ) : (
          <>
            <p>{SETTINGS.newSecretText}</p>
            <CodeBlock code={rotated.secret} label={SETTINGS.newSecret} copyLabel={SETTINGS.copySecret} />
          </>
        )}
        {rotated.previous_expires_at === null ? (
          <p>{SETTINGS.graceOver}</p>
        ) : (
          <p>
            {SETTINGS.graceLeft} <Countdown until={rotated.previous_expires_at} />.
          </p>
        )}
        <div class="actions">
          <Button kind="filled" onClick={() => onClose(true)}>
            {SETTINGS.done}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <ActionDialog
      title={SETTINGS.rotateTitle}
      confirm={SETTINGS.rotateConfirm}
      action={rotate}
      onConfirm={() => void rotate.run(Number(grace)).then((answer) => answer && setRotated(answer))}
      onClose={() => onClose(false)}
    >
      <p>{SETTINGS.rotateText}</p>
      <Field label={SETTINGS.grace}>
        {(parts) => (
          <select {...parts} value={grace} onChange={(event) => setGrace(event.currentTarget.value)}>
            {GRACE_SECONDS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {SETTINGS.graceTimes[seconds]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </ActionDialog>
  );
}
