import type { Counters, Log } from '../shared/runtime/observability.ts';
import { entryBytes, MAX_BATCH_BYTES, type QueueEntry } from '../shared/runtime/queues.ts';
import type { Outcomes } from './outcomes.ts';
import type { EventNames } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';

/** An event that this deployment can never dispatch. */
export interface Refused {
  /** Its position in the batch. */
  readonly index: number;
  /** The event as it was received. */
  readonly text: string;
  readonly reason: string;
  readonly names: EventNames;
}

export interface SetAsideDeps {
  readonly ports: Pick<DispatchPorts, 'sendUndispatched'>;
  readonly counters: Counters;
  readonly log: Log;
}

/** Sends events to the undispatched queue. An event that SQS does not take fails. It never throws. */
export async function setAside(
  { ports, counters, log }: SetAsideDeps,
  refused: readonly Refused[],
  outcomes: Outcomes,
): Promise<void> {
  if (refused.length === 0) return;
  const sent = await ports.sendUndispatched(refused.map(undispatchedEntry));
  for (const [position, { index, reason, names }] of refused.entries()) {
    const result = sent[position];
    if (result?.ok !== true) {
      const why = result?.reason ?? 'not tried';
      outcomes.fail(index, `an event that cannot be dispatched was not set aside: ${why}`);
      continue;
    }
    counters.count('undispatched');
    log.error('an event cannot be dispatched and was sent to the undispatched queue', {
      why: reason,
      event_id: names.eventId,
      account_id: names.accountId,
      bus_event_id: names.busEventId,
    });
  }
}

/**
 * The message is the event's text, unchanged, so that it can be dispatched later. Reason and ids are message
 * attributes. An attribute is left out where the message would exceed SQS's limit.
 */
function undispatchedEntry({ text, reason, names }: Refused): QueueEntry {
  const all = {
    reason,
    event_id: names.eventId,
    account_id: names.accountId,
    event_type: names.eventType,
    bus_event_id: names.busEventId,
  };
  let entry: QueueEntry = { body: text };
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined) continue;
    const longer: QueueEntry = { body: text, attributes: { ...entry.attributes, [name]: value } };
    if (entryBytes(longer) <= MAX_BATCH_BYTES) entry = longer;
  }
  return entry;
}
