import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { KIT } from '../texts/kit.ts';

/** What an input of a field needs, so that its label, hint and error are read out. */
export interface FieldParts {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: ComponentChildren;
  readonly isOptional?: boolean;
  readonly children: (parts: FieldParts) => ComponentChildren;
}

/** A labelled control: `<Field label="URL">{(parts) => <input {...parts} />}</Field>`. */
export function Field({ label, hint, error, isOptional, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label} {isOptional && <span class="secondary">({KIT.optional})</span>}
      </label>
      {hint && (
        <p class="secondary" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
