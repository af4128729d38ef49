import type { Interceptor } from '../aws-calls.ts';
import type { MessageTwice } from './fault.ts';

/** Where the parts of the local cloud ask whether something goes wrong. */
export interface FaultPoints {
  readonly onCall: Interceptor;
  /** Asked for each message that a function receives from a queue: whether it is handed out once more. */
  copyOf(queueUrl: string): MessageTwice['how'] | undefined;
  /** Asked for each event of the bus: how long after the first it is delivered once more. */
  secondDeliveryAfterMs(): number | undefined;
  /** Called when an environment begins to run an event; the result, when it ends. */
  watchRun(functionName: string, environment: number): () => void;
}

/** One fault at the points that its kind knows of. */
export interface Armed extends Partial<FaultPoints> {
  /** Undoes what lasts. */
  readonly stop?: () => void;
}
