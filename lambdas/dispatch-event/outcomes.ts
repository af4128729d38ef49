import type { DeliveryIds } from '../shared/domain/delivery-ids.ts';
import { type ErrorFields, errorFields } from '../shared/runtime/errors.ts';
import { NOT_TRIED, type NotSent, whyUnsent } from '../shared/runtime/queues.ts';
import type { EventIds } from './parse-event.ts';

/** How an event ended in one run. */
export type Outcome =
  /**
   * Every webhook that matched has its delivery on a lane, or a record of why not; or the event was sent to the
   * undispatched queue.
   */
  | { readonly kind: 'done' }
  /** Our own side failed. The next run continues from the stored items, with the same delivery ids. */
  | ({ readonly kind: 'failed'; readonly ids: FailureIds } & ErrorFields)
  | { readonly kind: 'not_started' };

/** The ids for log lines: those of the event, as far as they are known, and of the delivery that failed, if one did. */
export type FailureIds = EventIds & Partial<DeliveryIds>;

/** The outcomes of a batch, by the event's position in it. */
export interface Outcomes {
  start(index: number, ids: EventIds): void;
  /** Keeps the first failure of an event. `ids` are added to those given at the start. */
  fail(index: number, error: unknown, ids?: FailureIds): void;
  /** As `fail`, when a message is not sent. `what` precedes the reason. Undefined `sent`: it was not tried. */
  failUnsent(index: number, what: string, sent: NotSent | undefined, ids?: FailureIds): void;
  /** An event that was started and has not failed is done. Returns whether it is. */
  end(index: number): boolean;
  /** The outcomes at this time. An event that was started and has not ended is `failed`. */
  list(): Outcome[];
}

type State = Outcome | { readonly kind: 'started'; readonly ids: EventIds };

export function createOutcomes(count: number): Outcomes {
  const states = Array.from({ length: count }, (): State => ({ kind: 'not_started' }));
  const fail = (index: number, why: ErrorFields, ids: FailureIds): void => {
    const state = states[index];
    if (state?.kind === 'failed') return;
    const startedWith = state?.kind === 'started' ? state.ids : {};
    states[index] = { kind: 'failed', ...why, ids: { ...startedWith, ...ids } };
  };
  return {
    start(index, ids) {
      states[index] = { kind: 'started', ids };
    },
    fail(index, error, ids = {}) {
      fail(index, errorFields(error), ids);
    },
    failUnsent(index, what, sent = NOT_TRIED, ids = {}) {
      fail(index, { ...whyUnsent(sent), why: `${what}: ${sent.reason}` }, ids);
    },
    end(index) {
      const isDone = states[index]?.kind === 'started';
      if (isDone) states[index] = { kind: 'done' };
      return isDone;
    },
    list: () =>
      states.map((state) =>
        state.kind === 'started'
          ? { kind: 'failed', why: 'the function ran out of time', ids: state.ids }
          : state,
      ),
  };
}
