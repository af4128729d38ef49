import { type ErrorFields, errorFields } from '../shared/runtime/errors.ts';

/** What became of an event in one run. */
export type Outcome =
  /**
   * Every webhook that matched has its delivery on a lane, or a record of why not; or the event was sent to the
   * undispatched queue.
   */
  | { readonly kind: 'done' }
  /** Our own side failed. The next run finds what is stored and completes it, with the same delivery ids. */
  | ({ readonly kind: 'failed' } & ErrorFields)
  | { readonly kind: 'not_started' };

/** The outcomes of a batch, by the event's position in it. */
export interface Outcomes {
  start(index: number): void;
  /** The first failure of an event is kept. */
  fail(index: number, error: unknown): void;
  /** An event that was started and has not failed is done. Answers whether it is. */
  end(index: number): boolean;
  /** As of now. An event that was started and has not ended is `failed`. */
  list(): Outcome[];
}

type State = Outcome | { readonly kind: 'started' };

const OUT_OF_TIME: Outcome = { kind: 'failed', why: 'the function ran out of time' };

export function createOutcomes(count: number): Outcomes {
  const states = Array.from({ length: count }, (): State => ({ kind: 'not_started' }));
  return {
    start(index) {
      states[index] = { kind: 'started' };
    },
    fail(index, error) {
      if (states[index]?.kind !== 'failed') states[index] = { kind: 'failed', ...errorFields(error) };
    },
    end(index) {
      const isDone = states[index]?.kind === 'started';
      if (isDone) states[index] = { kind: 'done' };
      return isDone;
    },
    list: () => states.map((state) => (state.kind === 'started' ? OUT_OF_TIME : state)),
  };
}
