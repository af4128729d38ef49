import type { ComponentChildren } from 'preact';

interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: ComponentChildren;
}

interface ChoicesProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Id>[];
  readonly chosen: readonly Id[];
  readonly onChange: (chosen: Id[]) => void;
}

/** Check boxes of which several can be chosen, in their own order. */
export function Choices<Id extends string>({ label, choices, chosen, onChange }: ChoicesProps<Id>) {
  const ids = choices.map(({ id }) => id);
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      <div>
        {choices.map(({ id, label: word }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ currentTarget: { checked } }) =>
                onChange(ids.filter((other) => (other === id ? checked : chosen.includes(other))))
              }
            />
            {word}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
