/** The messages between a benchmark and the process that runs a function's bundle. Times are in milliseconds. */

/** Context fields besides the deadline. */
export interface UnitContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly timeoutMs: number;
}

export type ToFunction =
  | { readonly kind: 'load'; readonly module: string; readonly exportName: string }
  /** The event as JSON text, as Lambda passes it. */
  | { readonly kind: 'invoke'; readonly event: string; readonly context: UnitContext }
  /** Requests the process's memory, and the event loop's delay since the previous request, which the first one begins. */
  | { readonly kind: 'state' };

/** From sending a request to AWS until the end of its response, on the machine's monotonic clock. */
export interface Wait {
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Loaded {
  readonly kind: 'loaded';
  readonly wallMs: number;
  readonly cpuUs: number;
}

export interface Ended {
  readonly kind: 'ended';
  /** JSON text. */
  readonly payload: string;
  /** On the machine's monotonic clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** User and system time of the process, from the event as text to the result as text. */
  readonly cpuUs: number;
  readonly waits: readonly Wait[];
  /** Present when the handler threw. */
  readonly error?: string;
}

export interface State {
  readonly kind: 'state';
  readonly rssBytes: number;
  readonly maxRssBytes: number;
  readonly delayP99Ms: number;
}

export type FromFunction = Loaded | Ended | State;
