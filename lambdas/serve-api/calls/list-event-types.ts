import type { EventTypeListView } from '../schemas/responses.ts';
import type { Call } from './call.ts';

/** One page with the operator's catalogue and the system events, each with a schema and an example. */
export const listEventTypes: Call = async (_request, { eventTypes }) => {
  const body: EventTypeListView = { data: [...eventTypes], next_cursor: null };
  return { status: 200, body };
};
