import { useState } from 'preact/hooks';
import { Field } from '../../kit/field.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { type HeaderRow, HeaderRows } from '../../kit/header-rows.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { NEW_WEBHOOK } from '../../texts/new-webhook.ts';
import { SETTINGS } from '../../texts/webhook-settings.ts';

export interface MoreInput {
  readonly description: string;
  readonly headers: readonly HeaderRow[];
  /** Empty: as the service has it. */
  readonly rule: '' | '200' | '2xx';
  /** Empty: one is made. */
  readonly secret: string;
}

/** Fields of the API that are below. */
export const MORE_FIELDS = ['headers', 'success_status', 'secret'];

interface MoreSettingsProps {
  readonly value: MoreInput;
  readonly onChange: (value: MoreInput) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** Settings that few webhooks need. The section is open when one of its fields has an error. */
export function MoreSettings({ value, onChange, errorOf }: MoreSettingsProps) {
  const [isOpen, setOpen] = useState(false);
  const [headersError, ruleError, secretError] = MORE_FIELDS.map(errorOf);
  return (
    <details
      open={isOpen || Boolean(headersError ?? ruleError ?? secretError)}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{NEW_WEBHOOK.more}</summary>
      <div class="new-webhook">
        <fieldset>
          <legend>{NEW_WEBHOOK.headers}</legend>
          <p class="secondary">{NEW_WEBHOOK.headersHint}</p>
          <HeaderRows rows={value.headers} onChange={(headers) => onChange({ ...value, headers })} />
          {headersError && (
            <p class="field-error" role="alert">
              <Foreign text={headersError} />
            </p>
          )}
        </fieldset>
        <Field label={NEW_WEBHOOK.rule} hint={NEW_WEBHOOK.ruleHint} error={ruleError}>
          {(parts) => (
            <select
              {...parts}
              value={value.rule}
              onChange={({ currentTarget: { value: rule } }) =>
                onChange({ ...value, rule: rule === '200' || rule === '2xx' ? rule : '' })
              }
            >
              <option value="">{SETTINGS.success.default}</option>
              <option value="200">{SETTINGS.success['200']}</option>
              <option value="2xx">{SETTINGS.success['2xx']}</option>
            </select>
          )}
        </Field>
        <SecretField
          label={NEW_WEBHOOK.secret}
          hint={NEW_WEBHOOK.secretHint}
          error={secretError}
          isOptional
          value={value.secret}
          onInput={(secret) => onChange({ ...value, secret })}
        />
      </div>
    </details>
  );
}
