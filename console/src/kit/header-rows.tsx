import { SETTINGS } from '../texts/webhook-settings.ts';
import { Button } from './button.tsx';

export interface HeaderRow {
  readonly name: string;
  readonly value: string;
}

export const BLANK_HEADER: HeaderRow = { name: '', value: '' };

/** The headers of rows that have a name. */
export function headersOf(rows: readonly HeaderRow[]): Record<string, string> {
  return Object.fromEntries(
    rows.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );
}

/** Names and values of headers, with buttons that remove and add a row. */
export function HeaderRows({
  rows,
  onChange,
}: {
  rows: readonly HeaderRow[];
  onChange: (rows: readonly HeaderRow[]) => void;
}) {
  const change = (index: number, changes: Partial<HeaderRow>): void =>
    onChange(rows.map((row, position) => (position === index ? { ...row, ...changes } : row)));
  return (
    <>
      <ul class="header-rows">
        {rows.map(({ name, value }, index) => (
          <li key={index}>
            <input
              aria-label={SETTINGS.headerName(index + 1)}
              placeholder="Authorization"
              autocomplete="off"
              spellcheck={false}
              value={name}
              onInput={(event) => change(index, { name: event.currentTarget.value })}
            />
            <input
              aria-label={SETTINGS.headerValue(index + 1)}
              autocomplete="off"
              spellcheck={false}
              value={value}
              onInput={(event) => change(index, { value: event.currentTarget.value })}
            />
            <Button
              label={SETTINGS.removeHeader(index + 1)}
              onClick={() => onChange(rows.filter((_, position) => position !== index))}
            >
              {SETTINGS.remove}
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={() => onChange([...rows, BLANK_HEADER])}>{SETTINGS.addHeader}</Button>
    </>
  );
}
