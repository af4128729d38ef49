import { Field } from '../../kit/field.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Icon } from '../../kit/icon.tsx';
import { NEW_WEBHOOK } from '../../texts/new-webhook.ts';
import type { useCheck } from './calls.ts';

interface UrlFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly error: string | undefined;
  readonly check: ReturnType<typeof useCheck>;
}

/** The URL, with the result of the service's checks while it is typed. */
export function UrlField({ value, onInput, error, check }: UrlFieldProps) {
  return (
    <div>
      <Field label={NEW_WEBHOOK.url} hint={NEW_WEBHOOK.urlHint} error={error && <Foreign text={error} />}>
        {(parts) => (
          <input
            {...parts}
            type="url"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder="https://"
            required
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )}
      </Field>
      <p role="status" class="secondary check-line">
        {value.trim() !== '' && !error && <Checked url={value.trim()} check={check} />}
      </p>
    </div>
  );
}

function Checked({ url, check }: { url: string; check: UrlFieldProps['check'] }) {
  if (check.isLoading) return NEW_WEBHOOK.checking;
  // Another field may be refused, and this one is not.
  if (check.data === undefined && check.problem?.status !== 400) return null;
  return (
    <>
      <span class="tone-ok accepted">
        <Icon name="check" /> {NEW_WEBHOOK.accepted}
      </span>
      {check.data !== undefined && check.data !== url && (
        <>
          {' '}
          {NEW_WEBHOOK.normalForm} <Foreign text={check.data} />
        </>
      )}
    </>
  );
}
