import { Choices } from '../../kit/choices.tsx';
import { Section } from '../../kit/layout.tsx';
import { hasPeriod, type Preset } from '../../parts/period.ts';
import { PeriodField } from '../../parts/period-field.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { STATUS_WORDS } from '../../texts/kit.ts';
import { RECOVER } from '../../texts/recover.ts';
import { RECOVERABLE, statusesOf } from './choice.ts';

/** What is to be sent again. It is kept in the address. */
export function Chooser({ preset }: { preset: Preset }) {
  const { query, withQuery, go } = useAddress();
  return (
    <Section title={RECOVER.choose}>
      <div class="filters">
        <Choices
          label={RECOVER.status}
          choices={RECOVERABLE.map((id) => ({ id, label: STATUS_WORDS[id] }))}
          chosen={statusesOf(query)}
          onChange={(chosen) => go(withQuery({ status: chosen.join(',') || 'none' }), true)}
        />
        <div class="filter-row">
          <PeriodField drops={[]} preset={preset} />
        </div>
        {typeof preset === 'object' && !hasPeriod(query) && <p class="secondary">{RECOVER.fromOldest}</p>}
      </div>
    </Section>
  );
}
