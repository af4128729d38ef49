import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../kit/button.tsx';
import { Choices } from '../../kit/choices.tsx';
import { Field } from '../../kit/field.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { DELIVERIES } from '../../texts/deliveries.ts';
import { STATUS_WORDS } from '../../texts/kit.ts';
import { FILTER_STATUSES, isFiltered, POSITION, statusesOf } from './filter.ts';

/** A change of a filter begins at the newest page. */
const NO_POSITION = Object.fromEntries(POSITION.map((name) => [name, undefined]));

/** `seenTypes`: types of the deliveries that are shown. `isReady`: the deliveries are there, so other data may be loaded. */
export function Filters({ seenTypes, isReady }: { seenTypes: readonly string[]; isReady: boolean }) {
  const { query, withQuery, go } = useAddress();
  const catalogue = useQuery(isReady ? 'event types' : '', async (signal) =>
    isReady ? (await bodyOf(api.GET('/v1/event-types', { signal }))).data.map(({ name }) => name) : [],
  );
  const { type = '' } = query;
  const types = new Set([...(catalogue.data ?? []), ...seenTypes, ...(type === '' ? [] : [type])]);

  return (
    <search class="filters" aria-label={DELIVERIES.filters}>
      <Choices
        label={DELIVERIES.status}
        choices={FILTER_STATUSES.map((id) => ({ id, label: STATUS_WORDS[id] }))}
        chosen={statusesOf(query)}
        onChange={(chosen) => go(withQuery({ ...NO_POSITION, status: chosen.join(',') }))}
      />
      <div class="filter-row">
        <Field label={DELIVERIES.type}>
          {(parts) => (
            <select
              {...parts}
              value={type}
              onChange={({ currentTarget: { value } }) => go(withQuery({ ...NO_POSITION, type: value }))}
            >
              <option value="">{DELIVERIES.anyType}</option>
              {[...types].sort().map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <PeriodField drops={POSITION} />
        {isFiltered(query) && <ClearFilters />}
      </div>
    </search>
  );
}

export function ClearFilters() {
  const { withQuery, go } = useAddress();
  const empty = { ...NO_POSITION, status: '', type: '', last: '', since: '', until: '' };
  return (
    <Button
      onClick={() => {
        // The clicked button is removed.
        document.querySelector<HTMLElement>('.filters input')?.focus();
        go(withQuery(empty));
      }}
    >
      {DELIVERIES.clear}
    </Button>
  );
}
