import { entryWithAttributes } from '../shared/runtime/message-attributes.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { Outcomes } from './outcomes.ts';
import type { EventIds } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';

/** An event that this deployment can never dispatch. */
export interface RefusedEvent {
  /** Its position in the batch. */
  readonly index: number;
  /** The event as it was received. */
  readonly text: string;
  readonly reason: string;
  /** Present when a validator failed. */
  readonly stack?: readonly string[];
  readonly ids: EventIds;
}

export interface UndispatchedDeps {
  readonly ports: Pick<DispatchPorts, 'sendUndispatched'>;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * Sends events to the undispatched queue. A message is the event's text, unchanged, so that it can be dispatched
 * later; the reason and the ids are message attributes. An event that SQS does not accept fails. It never throws.
 */
export async function sendToUndispatched(
  { ports, counters, log }: UndispatchedDeps,
  refused: readonly RefusedEvent[],
  outcomes: Outcomes,
): Promise<void> {
  if (refused.length === 0) return;
  const entries = refused.map(({ text, reason, ids }) => entryWithAttributes(text, { reason, ...ids }));
  const sent = await ports.sendUndispatched(entries);
  for (const [position, { index, reason, stack, ids }] of refused.entries()) {
    const result = sent[position];
    if (result?.ok !== true) {
      outcomes.failUnsent(index, 'the event could not be sent to the undispatched queue', result);
      continue;
    }
    counters.count('undispatched');
    log.error('an event cannot be dispatched and was sent to the undispatched queue', {
      ...ids,
      why: reason,
      ...(stack === undefined ? {} : { stack }),
    });
  }
}
