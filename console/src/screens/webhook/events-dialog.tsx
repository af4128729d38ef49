import { useState } from 'preact/hooks';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { EventPicker } from '../../parts/event-picker.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import { type EditProps, useChange } from './edit-dialogs.tsx';

export function EventsDialog(props: EditProps) {
  const [events, setEvents] = useState<readonly string[]>(props.webhook.events);
  const { action, save } = useChange(props);
  return (
    <ActionDialog
      title={SETTINGS.eventsTitle}
      confirm={SETTINGS.save}
      action={action}
      onConfirm={() => save({ events: [...events] })}
      onClose={props.onClose}
    >
      <EventPicker
        chosen={events}
        onChange={setEvents}
        error={events.length === 0 ? SETTINGS.noEvents : undefined}
      />
      <p class="secondary">{SETTINGS.eventsWarning}</p>
    </ActionDialog>
  );
}
