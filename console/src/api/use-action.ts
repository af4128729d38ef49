import { useRef, useState } from 'preact/hooks';
import { newIdempotencyKey } from './client.ts';
import { type ApiProblem, toProblem } from './problem.ts';

export interface Action<Input, Output> {
  /** Undefined: it failed, and `problem` says why, or it is running already. */
  readonly run: (input: Input) => Promise<Output | undefined>;
  readonly isRunning: boolean;
  readonly problem: ApiProblem | undefined;
  readonly clear: () => void;
}

/**
 * A call that changes something. `act` gets a key for the header `Idempotency-Key`. A repetition with the same input after a
 * lost answer has the same key, so that nothing is created twice.
 */
export function useAction<Input, Output>(
  act: (input: Input, idempotencyKey: string) => Promise<Output>,
): Action<Input, Output> {
  const [state, setState] = useState<{ isRunning: boolean; problem?: ApiProblem }>({ isRunning: false });
  const unanswered = useRef<{ input: string; key: string }>(undefined);
  const isRunning = useRef(false);

  async function run(input: Input): Promise<Output | undefined> {
    if (isRunning.current) return undefined;
    isRunning.current = true;
    setState({ isRunning: true });
    const text = JSON.stringify(input) ?? '';
    const key = unanswered.current?.input === text ? unanswered.current.key : newIdempotencyKey();
    unanswered.current = { input: text, key };
    try {
      const output = await act(input, key);
      unanswered.current = undefined;
      setState({ isRunning: false });
      return output;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 400 && problem.status < 500) unanswered.current = undefined;
      setState({ isRunning: false, problem });
      return undefined;
    } finally {
      isRunning.current = false;
    }
  }

  return { run, ...state, problem: state.problem, clear: () => setState({ isRunning: false }) };
}
