import { useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { Section } from '../../kit/layout.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { EVENT } from '../../texts/event.ts';

/** Leads to the event with the id that is entered. */
export function FindEvent() {
  const { go } = useAddress();
  const [id, setId] = useState('');
  return (
    <Section title={EVENT.find}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim() !== '') go(`/console/events/${encodeURIComponent(id.trim())}`);
        }}
      >
        <Field label={EVENT.id} hint={EVENT.idHint}>
          {(parts) => (
            <input
              {...parts}
              autocomplete="off"
              spellcheck={false}
              required
              value={id}
              onInput={({ currentTarget: { value } }) => setId(value)}
            />
          )}
        </Field>
        <Button type="submit">{EVENT.show}</Button>
      </form>
    </Section>
  );
}
