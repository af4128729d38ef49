import { useState } from 'preact/hooks';
import type { components } from '../../api/schema.d.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import { changeWebhook, type Webhook } from './calls.ts';

type Changes = components['schemas']['UpdateWebhook'];

export interface EditProps {
  readonly webhook: Webhook;
  readonly etag: string | undefined;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

/** Saves a change, unless the webhook was changed since the dialog was opened. */
export function useChange({ webhook, etag, onDone }: EditProps, message: string = SETTINGS.saved) {
  const action = useAction((changes: Changes) => changeWebhook(webhook.id, etag, changes));
  return {
    action,
    save: (changes: Changes): void =>
      void action.run(changes).then((changed) => {
        if (changed !== undefined) onDone(message);
      }),
  };
}

export function UrlDialog(props: EditProps) {
  const { webhook, onClose } = props;
  const [url, setUrl] = useState(webhook.pending_url ?? webhook.url);
  const { action, save } = useChange(props, SETTINGS.urlSaved);
  return (
    <ActionDialog
      title={SETTINGS.urlTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ url: url.trim() })}
      onClose={onClose}
    >
      <Field label={SETTINGS.url} hint={webhook.verified ? SETTINGS.urlHint : SETTINGS.urlHintUnverified}>
        {(parts) => (
          <input
            {...parts}
            type="url"
            spellcheck={false}
            value={url}
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        )}
      </Field>
    </ActionDialog>
  );
}

export function DescriptionDialog(props: EditProps) {
  const [text, setText] = useState(props.webhook.description ?? '');
  const { action, save } = useChange(props);
  return (
    <ActionDialog
      title={SETTINGS.descriptionTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ description: text.trim() === '' ? null : text.trim() })}
      onClose={props.onClose}
    >
      <Field label={SETTINGS.description} isOptional>
        {(parts) => <input {...parts} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
      </Field>
    </ActionDialog>
  );
}

export function SuccessDialog(props: EditProps) {
  const [rule, setRule] = useState(props.webhook.success_status);
  const { action, save } = useChange(props);
  return (
    <ActionDialog
      title={SETTINGS.successTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ success_status: rule })}
      onClose={props.onClose}
    >
      <Field label={SETTINGS.successRule}>
        {(parts) => (
          <select
            {...parts}
            value={rule ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setRule(value === '200' || value === '2xx' ? value : null)
            }
          >
            <option value="">{SETTINGS.success.default}</option>
            <option value="200">{SETTINGS.success['200']}</option>
            <option value="2xx">{SETTINGS.success['2xx']}</option>
          </select>
        )}
      </Field>
    </ActionDialog>
  );
}
