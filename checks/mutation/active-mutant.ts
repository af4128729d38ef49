import { IS_ACTIVE } from './instrument.ts';

/** Evaluations of instrumented code with one mutant active. More are an endless loop. */
const EVALUATION_LIMIT = 5_000_000;

interface State {
  active: number;
  evaluations: number;
  recorder: ((id: number) => void) | undefined;
}

declare global {
  var mutationState: State | undefined;
}

// The runner and the test files load this module separately.
globalThis.mutationState ??= defineIsActive({ active: 0, evaluations: 0, recorder: undefined });
const state = globalThis.mutationState;

/** Makes one mutant active. 0 is the original code. `onReached` gets the id of each mutant that is evaluated. */
export function activate(id: number, onReached?: (id: number) => void): void {
  state.active = id;
  state.evaluations = 0;
  state.recorder = onReached;
}

/** Defines the function that the instrumented code calls. */
function defineIsActive(initial: State): State {
  Object.defineProperty(globalThis, IS_ACTIVE, {
    value: (id: number): boolean => {
      initial.recorder?.(id);
      if (initial.active === 0) return false;
      initial.evaluations++;
      if (initial.evaluations > EVALUATION_LIMIT) throw new Error('The mutant loops endlessly.');
      return id === initial.active;
    },
  });
  return initial;
}
