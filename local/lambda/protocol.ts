/** The messages between the local Lambda service and the thread that runs a function's bundle. */

/** The thread's `workerData`. */
export interface BundleLocation {
  /** File URL of the module. */
  readonly module: string;
  readonly exportName: string;
}

/** The fields of Lambda's context object that can be sent to another thread. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

export interface Invoke {
  /** The event as JSON text, as Lambda passes it. */
  readonly event: string;
  readonly context: InvocationContext;
}

/** A function error in Lambda's format. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type FromThread =
  | { readonly kind: 'ready' }
  /** The module did not load; the thread ends. */
  | { readonly kind: 'not_loaded'; readonly error: FunctionError }
  /** JSON text. */
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly error: FunctionError };
