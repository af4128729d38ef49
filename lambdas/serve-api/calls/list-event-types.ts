import { defineCallWithoutInput } from '../call.ts';
import type { EventTypeList } from '../open-api/calls/list-event-types.ts';

export const listEventTypes = defineCallWithoutInput({
  async handle(_request, { eventTypes }) {
    const body: EventTypeList = { data: [...eventTypes], next_cursor: null };
    return { status: 200, body };
  },
});
