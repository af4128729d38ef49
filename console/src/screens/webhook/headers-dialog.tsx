import { useState } from 'preact/hooks';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { Button } from '../../kit/button.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import { type EditProps, useChange } from './edit-dialogs.tsx';

interface HeaderRow {
  readonly name: string;
  readonly value: string;
}

const BLANK: HeaderRow = { name: '', value: '' };

/** Replaces all headers. Their values are never known here. */
export function HeadersDialog(props: EditProps) {
  const known = Object.keys(props.webhook.headers).map((name) => ({ name, value: '' }));
  const [rows, setRows] = useState<readonly HeaderRow[]>(known.length === 0 ? [BLANK] : known);
  const { action, save } = useChange(props);
  const change = (index: number, changes: Partial<HeaderRow>): void =>
    setRows(rows.map((row, position) => (position === index ? { ...row, ...changes } : row)));
  const headers = Object.fromEntries(
    rows.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );
  return (
    <ActionDialog
      title={SETTINGS.headersTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ headers })}
      onClose={props.onClose}
    >
      <p>{SETTINGS.headersHint}</p>
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
              onClick={() => setRows(rows.filter((_, position) => position !== index))}
            >
              {SETTINGS.remove}
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={() => setRows([...rows, BLANK])}>{SETTINGS.addHeader}</Button>
    </ActionDialog>
  );
}
