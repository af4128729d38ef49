import { Field } from '../kit/field.tsx';
import { useAddress } from '../shell/use-address.ts';
import { PERIOD } from '../texts/period.ts';
import {
  choiceOf,
  fromLocalInput,
  type PeriodChoice,
  type Preset,
  parsePeriod,
  queryOfChoice,
  rangeOf,
  toLocalInput,
} from './period.ts';

interface PeriodFieldProps {
  /** Parameters of the address that a change removes, such as a cursor. */
  readonly drops: readonly string[];
  /** What is chosen while the address has no time. Default: all that is kept. */
  readonly preset?: Preset;
}

const CHOICES: readonly PeriodChoice[] = ['all', '1h', '24h', '7d', 'other'];

/** Chooses a time, which is kept in the address. */
export function PeriodField({ drops, preset = 'all' }: PeriodFieldProps) {
  const { query, withQuery, go } = useAddress();
  const period = parsePeriod(query, preset);
  const dropped = Object.fromEntries(drops.map((name) => [name, undefined]));

  function changeTime(name: 'since' | 'until', text: string): void {
    const time = fromLocalInput(text);
    // Without both, the inputs would disappear while one of them is edited.
    const other = rangeOf(period, Date.now());
    if (time === undefined && other[name === 'since' ? 'until' : 'since'] === undefined) return;
    go(withQuery({ ...dropped, last: undefined, ...other, [name]: time }), true);
  }

  return (
    <>
      <Field label={PERIOD.label}>
        {(parts) => (
          <select
            {...parts}
            value={choiceOf(period)}
            onChange={({ currentTarget: { value } }) =>
              go(withQuery({ ...dropped, ...queryOfChoice(value as PeriodChoice, Date.now()) }))
            }
          >
            {CHOICES.map((choice) => (
              <option key={choice} value={choice}>
                {PERIOD.words[choice]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {period.kind === 'other' &&
        (['since', 'until'] as const).map((name) => (
          <Field key={name} label={PERIOD[name]}>
            {(parts) => (
              <input
                {...parts}
                type="datetime-local"
                step={1}
                value={toLocalInput(period[name])}
                onChange={({ currentTarget: { value } }) => changeTime(name, value)}
              />
            )}
          </Field>
        ))}
    </>
  );
}
