import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from '../kit/field.tsx';
import { SECRET_FIELD } from '../texts/secret-field.ts';

interface SecretFieldProps {
  readonly label: string;
  readonly hint: ComponentChildren;
  readonly error: string | undefined;
  readonly isOptional?: boolean;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** A signing secret, hidden until a check box shows it. The browser does not store it. */
export function SecretField({ value, onInput, ...field }: SecretFieldProps) {
  const [isShown, show] = useState(false);
  return (
    <div>
      <Field {...field}>
        {(parts) => {
          const input = {
            ...{
              ...parts,
              name: 'secret',
              autocomplete: 'off',
              autocapitalize: 'off' as const,
              spellcheck: false,
            },
            value,
            onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
              onInput(currentTarget.value),
          };
          return isShown ? <input {...input} type="text" /> : <input {...input} type="password" />;
        }}
      </Field>
      <label class="show-secret">
        <input type="checkbox" checked={isShown} onChange={(event) => show(event.currentTarget.checked)} />
        {SECRET_FIELD.show}
      </label>
    </div>
  );
}
