import type { Interceptor } from '../aws-calls.ts';
import type { SecondDelivery } from './fault.ts';

/** The points at which the parts of the local cloud check whether a fault happens. */
export interface FaultPoints {
  /** Called with each AWS call. */
  readonly onCall: Interceptor;
  /** Called with each message that a function receives from a queue. Returns whether it is delivered twice. */
  copyOf(queueUrl: string): Exclude<SecondDelivery, number> | undefined;
  /** Called with each event of the bus. Returns how long after the first the second delivery happens, if one does. */
  secondDeliveryAfterMs(): number | undefined;
  /** Called when an environment starts to run an event. Call the returned function when the run ends. */
  watchRun(functionName: string, environment: number): () => void;
}

/** One fault, at the points that its kind needs. */
export interface ArmedFault extends Partial<FaultPoints> {
  /** Ends an effect that lasts. */
  readonly stop?: () => void;
}
