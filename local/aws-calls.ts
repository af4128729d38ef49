/** The AWS services whose API calls the local cloud answers. */
export type ServiceName = 'sqs' | 'dynamodb' | 'events' | 'kms' | 'lambda' | 'cloudwatch';

/** The access key id of a caller with every permission, like the operator's credentials. */
export const ADMINISTRATOR = 'local';

/**
 * The caller of the bus's sends to queues. The queue's policy is checked before the call. AWS bills these calls, but no
 * function makes them.
 */
export const EVENTBRIDGE = 'events.amazonaws.com';

/** The input or output of a call in AWS's JSON protocols. Blobs are base64 strings. */
export type Json = Record<string, unknown>;

/** One API call: of a function, of an event source mapping, of the bus, of a schedule or of an operator. */
export interface AwsCall {
  /** The caller's access key id: `ADMINISTRATOR`, `EVENTBRIDGE`, that of a function, or the ARN of a schedule. */
  readonly principal: string;
  /** The function's execution environment that calls; absent for an event source mapping's calls. */
  readonly environment?: number;
  readonly service: ServiceName;
  /** Such as `SendMessageBatch`. */
  readonly action: string;
  readonly input: Json;
}

export interface AwsErrorDetails {
  /** As in the response and in the SDK's `error.name`, such as `AccessDeniedException`. */
  readonly code: string;
  readonly message: string;
  /** HTTP status. Default: 400, as for nearly all of AWS's client errors. */
  readonly status?: number;
  /** The code of the query protocol, which SQS sends in a header. */
  readonly queryCode?: string;
}

/** An error that the caller receives as AWS's. Any other error is a defect in the local cloud. */
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

/** The connection is closed without a response. The call itself may have succeeded. */
export class CutAnswer extends Error {
  constructor({ service, action }: Pick<AwsCall, 'service' | 'action'>) {
    super(`the response to ${service}:${action} was lost`);
    this.name = 'TimeoutError';
  }
}

/** The parameters of a call besides its input. */
export interface CallContext {
  readonly principal: string;
  /** Reports the DynamoDB request units of the call. A conditional write that fails uses units, too. */
  useUnits(units: { readonly table: string; readonly read?: number; readonly write?: number }): void;
  /** Aborts when the caller has closed its connection, which ends a long poll. */
  readonly signal?: AbortSignal;
}

export interface AwsService {
  /** Throws `AwsError` for an error of the caller, such as an unsupported action. */
  call(action: string, input: Json, context: CallContext): Promise<Json>;
}

/**
 * Wraps a call. It may throw, wait, or change the input and the output. `next` runs the call, optionally with another
 * input. A call for which `next` is not called is not metered.
 */
export type Interceptor = (call: AwsCall, next: (input?: Json) => Promise<Json>) => Promise<Json>;

export interface AwsCalls {
  /** Authorizes the call, runs the interceptors (the newest outermost) and then the service, and meters the call. */
  call(call: AwsCall, signal?: AbortSignal): Promise<Json>;
  /** Adds an interceptor. The result removes it. */
  use(interceptor: Interceptor): () => void;
}

/** DynamoDB's request units. */
export interface RequestUnits {
  readonly read: number;
  readonly write: number;
  readonly byTable: ReadonlyMap<string, { readonly read: number; readonly write: number }>;
}

/** Counts every call that reached its service, also one that the service refused. */
export interface CallMeter {
  awsCall(call: AwsCall, result: { readonly units: RequestUnits; readonly output?: Json }): void;
}

export interface AwsCallsDependencies {
  /** Without `lambda`, calls cannot invoke functions. Without `cloudwatch`, calls cannot read alarms. */
  readonly services: Readonly<Record<Exclude<ServiceName, 'lambda' | 'cloudwatch'>, AwsService>> & {
    readonly lambda?: AwsService;
    readonly cloudwatch?: AwsService;
  };
  /** Throws `AwsError` if the caller is unknown or is not permitted. */
  readonly authorize: (call: AwsCall) => void;
  readonly meter: CallMeter;
  readonly interceptors?: readonly Interceptor[];
}

function unknownService(service: ServiceName): AwsError {
  return new AwsError({
    code: 'UnknownOperationException',
    message: `There is no ${service} here.`,
    status: 404,
  });
}

/** Dispatches every AWS call of the local cloud. */
export function createAwsCalls(deps: AwsCallsDependencies): AwsCalls {
  const interceptors = [...(deps.interceptors ?? [])];

  const serve = async (call: AwsCall, signal: AbortSignal | undefined): Promise<Json> => {
    const units = { read: 0, write: 0, byTable: new Map<string, { read: number; write: number }>() };
    const context: CallContext = {
      principal: call.principal,
      useUnits: ({ table, read = 0, write = 0 }) => {
        const ofTable = units.byTable.get(table) ?? { read: 0, write: 0 };
        units.byTable.set(table, { read: ofTable.read + read, write: ofTable.write + write });
        units.read += read;
        units.write += write;
      },
      ...(signal === undefined ? {} : { signal }),
    };
    let output: Json | undefined;
    try {
      const service = deps.services[call.service];
      if (service === undefined) throw unknownService(call.service);
      output = await service.call(call.action, call.input, context);
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
