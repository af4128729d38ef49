import { useState } from 'preact/hooks';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { BLANK_HEADER, type HeaderRow, HeaderRows, headersOf } from '../../kit/header-rows.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import { type EditProps, useChange } from './edit-dialogs.tsx';

/** Replaces all headers. Their values are never known here. */
export function HeadersDialog(props: EditProps) {
  const known = Object.keys(props.webhook.headers).map((name) => ({ name, value: '' }));
  const [rows, setRows] = useState<readonly HeaderRow[]>(known.length === 0 ? [BLANK_HEADER] : known);
  const { action, save } = useChange(props);
  return (
    <ActionDialog
      title={SETTINGS.headersTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ headers: headersOf(rows) })}
      onClose={props.onClose}
    >
      <p>{SETTINGS.headersHint}</p>
      <HeaderRows rows={rows} onChange={setRows} />
    </ActionDialog>
  );
}
