import { IS_ACTIVE } from './instrument.ts';

/** Evaluations of instrumented code with one mutant active. More are an endless loop. */
const EVALUATION_LIMIT = 5_000_000;
/** Keep the real clock: tests replace that in the global scope. */
const now = performance.now.bind(performance);

interface State {
  active: number;
  evaluations: number;
  /** On the clock of `performance`. */
  endsAt: number;
  recorder: ((id: number) => void) | undefined;
}

declare global {
  var mutationState: State | undefined;
}

// The runner and the test files load this module separately.
globalThis.mutationState ??= defineIsActive({
  active: 0,
  evaluations: 0,
  endsAt: Number.POSITIVE_INFINITY,
  recorder: undefined,
});
const state = globalThis.mutationState;

/** Makes the original code active. `onReached` gets the id of each mutant that is evaluated. */
export function deactivate(onReached?: (id: number) => void): void {
  state.active = 0;
  state.recorder = onReached;
}

/**
 * Makes one mutant active. Instrumented code throws after `limitMs`: nothing else can end a loop that never waits, and one
 * with long steps takes too long to reach the limit of evaluations.
 */
export function activate(id: number, limitMs: number): void {
  state.active = id;
  state.evaluations = 0;
  state.endsAt = now() + limitMs;
  state.recorder = undefined;
}

/** Defines the function that the instrumented code calls. */
function defineIsActive(initial: State): State {
  Object.defineProperty(globalThis, IS_ACTIVE, {
    value: (id: number): boolean => {
      initial.recorder?.(id);
      if (initial.active === 0) return false;
      initial.evaluations++;
      if (initial.evaluations > EVALUATION_LIMIT || now() > initial.endsAt)
        throw new Error('The mutant loops endlessly.');
      return id === initial.active;
    },
  });
  return initial;
}
