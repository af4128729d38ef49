import type * as z from 'zod';
import type { Catalogue } from '../shared/domain/catalogue.ts';
import type { DisableAfter } from '../shared/domain/health.ts';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Log } from '../shared/runtime/observability.ts';
import { answerOnce, type Creation } from './idempotency.ts';
import type { HeaderName } from './open-api/headers.ts';
import type { Caller, Ports } from './ports.ts';
import type { ProblemName } from './problem.ts';
import { readInput } from './read-input.ts';
import type { ApiResponse } from './response.ts';
import type { AccountCallName, PathParameters } from './routes.ts';
import type { CheckUrl, InputFields } from './schemas/input-fields.ts';
import type { ResponseSchema } from './schemas/response-schema.ts';
import type { BeginDeps } from './sessions/begin-session.ts';

export interface SuccessDescription {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent: the response has no body. `any-object`: any JSON object. */
  readonly output?: ResponseSchema | 'any-object';
  /** Besides those that every answer of this kind has. */
  readonly headers?: readonly HeaderName[];
}

/** The part of the OpenAPI document about a call that its route does not contain. */
export interface CallDescription {
  readonly summary: string;
  readonly description: string;
  readonly success: SuccessDescription;
  /** A second kind of success, with another status. */
  readonly otherSuccess?: SuccessDescription;
  /** The answer has the header `ETag` of a webhook. */
  readonly etag?: true;
  /** The header that the call evaluates: `If-Match` by 412, `If-None-Match` by 304. */
  readonly precondition?: 'If-Match' | 'If-None-Match';
  /** Only the problems that are specific to this call. The document adds those that follow from the route. */
  readonly problems: readonly ProblemName[];
}

export interface CallDeps extends Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysSeconds: readonly number[];
  /** When a failing webhook is disabled. Undefined: never. */
  readonly disableAfter: DisableAfter | undefined;
  /** Deliveries a second of a new recovery. */
  readonly recoveryRate: number;
  /** The operator's catalogue and the system events. */
  readonly eventTypes: Catalogue;
  /** Depends on the host of the request, since a webhook must not point at this API. */
  readonly checkUrl: CheckUrl;
}

export interface CallRequest<Input> {
  readonly call: AccountCallName;
  readonly accountId: AccountId;
  readonly caller: Caller;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly path: PathParameters;
  /** The JSON body when the route takes one, else the query. */
  readonly input: Input;
}

/** Throws only for a failure of this service or of a service that it uses. */
type Handle<Input> = (request: CallRequest<Input> & Creation, deps: CallDeps) => Promise<ApiResponse>;

/** One call of the API. */
export interface Call {
  readonly description: CallDescription;
  readonly idempotent: boolean;
  /** Absent: the call has no input, and a body or query is ignored. */
  readonly createInputSchema?: (fields: InputFields) => z.ZodObject;
  /** Creates the function that validates the input and handles the request. */
  readonly createHandler: (
    fields: InputFields,
  ) => (request: CallRequest<unknown>, deps: CallDeps) => Promise<ApiResponse>;
}

export interface PublicDeps extends BeginDeps {
  /** As JSON. */
  readonly openApiDocument: () => string;
}

interface PublicRequest<Input> {
  readonly input: Input;
  readonly requestId: string;
}

/** A call without an account: it needs no credential in a header. */
export interface PublicCall {
  readonly description: CallDescription;
  /** Absent: the call has no input. */
  readonly inputSchema?: z.ZodObject;
  readonly handle: (request: PublicRequest<unknown>, deps: PublicDeps) => Promise<ApiResponse>;
}

interface CommonDefinition {
  readonly description: CallDescription;
  /**
   * Set it on every call that creates something. A request with the header `Idempotency-Key` is then handled once: its
   * answer is kept for 24 h and given to each repetition, without the field `secret` of its body, which must therefore be
   * optional in the schema of the answer.
   *
   * When the function crashes before the answer is kept, a repetition calls `handle` again with the same `startedAt` and
   * `seed`. `handle` must derive the ids of everything that it creates from them, and must accept that it exists already.
   */
  readonly idempotent?: true;
}

interface Definition<Schema extends z.ZodObject> extends CommonDefinition {
  readonly input: (fields: InputFields) => Schema;
  readonly handle: Handle<z.output<Schema>>;
}

/** A call with an input. An invalid input is refused before `handle` is called. */
export function defineCall<Schema extends z.ZodObject>(call: Definition<Schema>): Call {
  const { idempotent = false } = call;
  return {
    description: call.description,
    idempotent,
    createInputSchema: call.input,
    createHandler: (fields) => {
      const schema = call.input(fields);
      return async (request, deps) => {
        const read = readInput(schema, request.input);
        if (!read.ok) return read.response;
        return answerOnce(idempotent, request, deps, (creation) =>
          call.handle({ ...request, ...creation, input: read.value }, deps),
        );
      };
    },
  };
}

/** A call without an input. */
export function defineCallWithoutInput(
  call: CommonDefinition & { readonly handle: Handle<undefined> },
): Call {
  const { idempotent = false } = call;
  return {
    description: call.description,
    idempotent,
    createHandler: () => (request, deps) =>
      answerOnce(idempotent, request, deps, (creation) =>
        call.handle({ ...request, ...creation, input: undefined }, deps),
      ),
  };
}

/** A call without an account. An invalid input is refused before `handle` is called. */
export function definePublicCall<Schema extends z.ZodObject>(call: {
  readonly description: CallDescription;
  readonly input: Schema;
  readonly handle: (request: PublicRequest<z.output<Schema>>, deps: PublicDeps) => Promise<ApiResponse>;
}): PublicCall {
  return {
    description: call.description,
    inputSchema: call.input,
    async handle(request, deps) {
      const read = readInput(call.input, request.input);
      return read.ok ? call.handle({ ...request, input: read.value }, deps) : read.response;
    },
  };
}
