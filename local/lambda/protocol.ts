/** What the local Lambda service and the thread that runs a function's bundle say to each other. */

/** Given to the thread when it starts. */
export interface BundleLocation {
  /** File URL of the module. */
  readonly module: string;
  readonly exportName: string;
}

/** What a handler learns of its invocation, as far as it can cross threads. */
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
  /** The event as JSON text: what crosses Lambda's border is text, too. */
  readonly event: string;
  readonly context: InvocationContext;
}

/** Lambda's own shape of a function error. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type FromThread =
  | { readonly kind: 'ready' }
  /** The module did not load; the thread ends. */
  | { readonly kind: 'broken'; readonly error: FunctionError }
  /** JSON text. */
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly error: FunctionError };
