import { useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionDialog } from '../../kit/action-dialog.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Loading } from '../../kit/loading.tsx';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import { EventPicker } from '../new-webhook/event-picker.tsx';
import { buildTree } from '../new-webhook/event-tree.ts';
import { type EditProps, useChange } from './edit-dialogs.tsx';

export function EventsDialog(props: EditProps) {
  const types = useQuery('event types', (signal) => bodyOf(api.GET('/v1/event-types', { signal })));
  const names = types.data?.data.map(({ name }) => name) ?? [];
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
      <QueryProblem query={types} />
      {types.isLoading && <Loading rows={6} />}
      {types.data && (
        <EventPicker
          names={names}
          tree={buildTree(names)}
          chosen={events}
          onChange={setEvents}
          error={events.length === 0 ? SETTINGS.noEvents : undefined}
        />
      )}
      <p class="secondary">{SETTINGS.eventsWarning}</p>
    </ActionDialog>
  );
}
