import { IS_ACTIVE } from './instrument.ts';

/** Evaluations of instrumented code with one mutant active. More are an endless loop. */
const EVALUATION_LIMIT = 5_000_000;

let active = 0;
let evaluations = 0;
let recorder: ((id: number) => void) | undefined;

/** Makes one mutant active. 0 is the original code. `onReached` gets the id of each mutant that is evaluated. */
export function activate(id: number, onReached?: (id: number) => void): void {
  active = id;
  evaluations = 0;
  recorder = onReached;
}

Object.defineProperty(globalThis, IS_ACTIVE, {
  value: (id: number): boolean => {
    recorder?.(id);
    if (active === 0) return false;
    evaluations++;
    if (evaluations > EVALUATION_LIMIT) throw new Error('The mutant loops endlessly.');
    return id === active;
  },
});
