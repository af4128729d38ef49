import type * as z from 'zod';
import type { Catalogue } from '../shared/domain/catalogue.ts';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Ports } from './ports.ts';
import type { ProblemName } from './problem.ts';
import { readInput } from './read-input.ts';
import type { ApiResponse } from './response.ts';
import type { PathParameters } from './routes.ts';
import type { CheckUrl, InputFields } from './schemas/input-fields.ts';
import type { ResponseSchema } from './schemas/response-schema.ts';

interface SuccessDescription {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent: the response has no body. `any-object`: any JSON object. */
  readonly output?: ResponseSchema | 'any-object';
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** The part of the OpenAPI document about a call that its route does not contain. */
export interface CallDescription {
  readonly summary: string;
  readonly description: string;
  readonly success: SuccessDescription;
  /** A second kind of success, with another status. */
  readonly otherSuccess?: SuccessDescription;
  /** Only the problems that are specific to this call. The document adds those that follow from the route. */
  readonly problems: readonly ProblemName[];
}

export interface CallDeps extends Ports {
  readonly clock: Clock;
  readonly retryDelaysSeconds: readonly number[];
  /** Deliveries a second of a new recovery. */
  readonly recoveryRate: number;
  /** The operator's catalogue and the system events. */
  readonly eventTypes: Catalogue;
  /** Depends on the host of the request, since a webhook must not point at this API. */
  readonly checkUrl: CheckUrl;
}

export interface CallRequest<Input> {
  readonly accountId: AccountId;
  readonly path: PathParameters;
  /** The JSON body when the route takes one, else the query. */
  readonly input: Input;
}

/** Throws only for a failure of this service or of a service that it uses. */
type Handle<Input> = (request: CallRequest<Input>, deps: CallDeps) => Promise<ApiResponse>;

/** One call of the API. */
export interface Call {
  readonly description: CallDescription;
  /** Absent: the call has no input, and a body or query is ignored. */
  readonly createInputSchema?: (fields: InputFields) => z.ZodObject;
  /** Creates the function that validates the input and handles the request. */
  readonly createHandler: (fields: InputFields) => Handle<unknown>;
}

/** A call without an account: it needs no API key and has no input. */
export interface PublicCall {
  readonly description: CallDescription;
  readonly handle: (deps: {
    /** As JSON. */
    readonly openApiDocument: () => string;
  }) => ApiResponse;
}

/** A call with an input. An invalid input is refused before `handle` is called. */
export function defineCall<Schema extends z.ZodObject>(call: {
  readonly description: CallDescription;
  readonly input: (fields: InputFields) => Schema;
  readonly handle: Handle<z.output<Schema>>;
}): Call {
  return {
    description: call.description,
    createInputSchema: call.input,
    createHandler: (fields) => {
      const schema = call.input(fields);
      return async (request, deps) => {
        const read = readInput(schema, request.input);
        return read.ok ? call.handle({ ...request, input: read.value }, deps) : read.response;
      };
    },
  };
}

/** A call without an input. */
export function defineCallWithoutInput(call: {
  readonly description: CallDescription;
  readonly handle: Handle<undefined>;
}): Call {
  return {
    description: call.description,
    createHandler: () => (request, deps) => call.handle({ ...request, input: undefined }, deps),
  };
}
