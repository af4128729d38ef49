/** The AWS services of the local cloud that answer signed API calls. */
export type ServiceName = 'sqs' | 'dynamodb' | 'events' | 'kms';

/** The caller that may do everything, as the operator's own credentials may: its access key id. */
export const ADMINISTRATOR = 'local';

/**
 * The caller in whose name the bus sends to queues. Whether it may is decided by the queue's own policy, before the
 * call. AWS bills its calls; no function makes them.
 */
export const EVENTBRIDGE = 'events.amazonaws.com';

/** What a service's JSON protocol carries in either direction; blobs are base64 text, as on the wire. */
export type Json = Record<string, unknown>;

/** One API call: of a function through HTTP, of the local Lambda service that polls for it, or of the bus. */
export interface AwsCall {
  /** The caller's access key id: `ADMINISTRATOR`, `EVENTBRIDGE`, or a function's own. */
  readonly principal: string;
  /** Which of the function's execution environments calls; absent for what Lambda itself does in its name. */
  readonly environment?: number;
  readonly service: ServiceName;
  /** As the API names it, such as `SendMessageBatch`. */
  readonly action: string;
  readonly input: Json;
}

export interface AwsErrorDetails {
  /** As on the wire and in the SDK's `error.name`, such as `AccessDeniedException`. */
  readonly code: string;
  readonly message: string;
  /** HTTP status; 400 unless said otherwise, as for nearly all of AWS's client errors. */
  readonly status?: number;
  /** The code of the older query protocol, which SQS still sends in a header. */
  readonly queryCode?: string;
}

/** A refusal that the caller sees as AWS's own. Anything else that is thrown is a fault of the local cloud. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly queryCode: string | undefined;

  constructor(details: AwsErrorDetails) {
    super(details.message);
    this.name = details.code;
    this.code = details.code;
    this.status = details.status ?? 400;
    this.queryCode = details.queryCode;
  }
}

/** The caller never sees an answer: its connection is cut, whatever became of the call. */
export class CutAnswer extends Error {
  constructor({ service, action }: Pick<AwsCall, 'service' | 'action'>) {
    super(`the answer to ${service}:${action} was lost on its way`);
    this.name = 'TimeoutError';
  }
}

/** What a service learns of a call besides its input. */
export interface CallContext {
  readonly principal: string;
  /** Reports the DynamoDB request units that the call used; a refused conditional write uses some too. */
  useUnits(units: { readonly read?: number; readonly write?: number }): void;
  /** Aborts when the caller has gone: ends a long poll. */
  readonly signal?: AbortSignal;
}

export interface AwsService {
  /** Throws `AwsError` for what the caller did wrong, an action that is not supported included. */
  call(action: string, input: Json, context: CallContext): Promise<Json>;
}

/**
 * Stands between callers and services: may fail, delay, run and then fail, or alter the answer. `next` may
 * be given another input. What it does not pass on is not metered.
 */
export type Interceptor = (call: AwsCall, next: (input?: Json) => Promise<Json>) => Promise<Json>;

export interface AwsCalls {
  /** Authorize, then interceptors (the newest outermost), then the service, metered. */
  call(call: AwsCall, signal?: AbortSignal): Promise<Json>;
  /** Adds an interceptor; the function that it returns removes it again. */
  use(interceptor: Interceptor): () => void;
}

/** DynamoDB's request units. */
export interface RequestUnits {
  readonly read: number;
  readonly write: number;
}

/** Counts every call that reached its service, also one that the service refused. */
export interface CallMeter {
  awsCall(call: AwsCall, result: { readonly units: RequestUnits; readonly output?: Json }): void;
}

export interface AwsCallsDependencies {
  readonly services: Readonly<Record<ServiceName, AwsService>>;
  /** Throws `AwsError` when the caller is unknown or may not. */
  readonly authorize: (call: AwsCall) => void;
  readonly meter: CallMeter;
  readonly interceptors?: readonly Interceptor[];
}

/** The one path that every AWS call of the local cloud takes. */
export function createAwsCalls(deps: AwsCallsDependencies): AwsCalls {
  const interceptors = [...(deps.interceptors ?? [])];

  const serve = async (call: AwsCall, signal: AbortSignal | undefined): Promise<Json> => {
    const units = { read: 0, write: 0 };
    const context: CallContext = {
      principal: call.principal,
      useUnits: ({ read = 0, write = 0 }) => {
        units.read += read;
        units.write += write;
      },
      ...(signal === undefined ? {} : { signal }),
    };
    let output: Json | undefined;
    try {
      output = await deps.services[call.service].call(call.action, call.input, context);
      return output;
    } finally {
      deps.meter.awsCall(call, { units, ...(output === undefined ? {} : { output }) });
    }
  };

  return {
    async call(call, signal) {
      deps.authorize(call);
      const chain = interceptors.reduce<(current: AwsCall) => Promise<Json>>(
        (inner, interceptor) => (current) =>
          interceptor(current, (input) => inner(input === undefined ? current : { ...current, input })),
        (current) => serve(current, signal),
      );
      return chain(call);
    },
    use(interceptor) {
      interceptors.push(interceptor);
      return () => {
        const index = interceptors.indexOf(interceptor);
        if (index >= 0) interceptors.splice(index, 1);
      };
    },
  };
}
