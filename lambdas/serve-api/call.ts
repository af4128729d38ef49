import type * as z from 'zod/mini';
import type { Catalogue } from '../shared/domain/catalogue.ts';
import type { DisableAfter } from '../shared/domain/health.ts';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Log } from '../shared/runtime/observability.ts';
import { answerOnce, type Creation } from './idempotency.ts';
import type { Caller, Ports } from './ports.ts';
import { readInput } from './read-input.ts';
import type { ApiResponse } from './response.ts';
import type { AccountCallName, PathParameters } from './routes.ts';
import type { CheckUrl, InputFields } from './schemas/input-fields.ts';
import type { BeginDeps } from './sessions/begin-session.ts';

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
  readonly idempotent: boolean;
  /** Absent: the call has no input, and a body or query is ignored. */
  readonly createInputSchema?: (fields: InputFields) => z.ZodMiniObject;
  /** Creates the function that validates the input and handles the request. */
  readonly createHandler: (
    fields: InputFields,
  ) => (request: CallRequest<unknown>, deps: CallDeps) => Promise<ApiResponse>;
}

export interface PublicDeps extends BeginDeps {
  /** The OpenAPI document as JSON. */
  readonly openApiDocument: () => Promise<string>;
}

interface PublicRequest<Input> {
  readonly input: Input;
  readonly requestId: string;
}

/** A call without an account: it needs no credential in a header. */
export interface PublicCall {
  /** Absent: the call has no input. */
  readonly createInputSchema?: () => z.ZodMiniObject;
  readonly handle: (request: PublicRequest<unknown>, deps: PublicDeps) => Promise<ApiResponse>;
}

interface CommonDefinition {
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

interface Definition<Schema extends z.ZodMiniObject> extends CommonDefinition {
  readonly input: (fields: InputFields) => Schema;
  readonly handle: Handle<z.output<Schema>>;
}

/** A call with an input. An invalid input is refused before `handle` is called. */
export function defineCall<Schema extends z.ZodMiniObject>(call: Definition<Schema>): Call {
  const { idempotent = false } = call;
  return {
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
    idempotent,
    createHandler: () => (request, deps) =>
      answerOnce(idempotent, request, deps, (creation) =>
        call.handle({ ...request, ...creation, input: undefined }, deps),
      ),
  };
}

/** A call without an account. An invalid input is refused before `handle` is called. */
export function definePublicCall<Schema extends z.ZodMiniObject>(call: {
  readonly input: () => Schema;
  readonly handle: (request: PublicRequest<z.output<Schema>>, deps: PublicDeps) => Promise<ApiResponse>;
}): PublicCall {
  let schema: Schema | undefined;
  return {
    createInputSchema: call.input,
    async handle(request, deps) {
      schema ??= call.input();
      const read = readInput(schema, request.input);
      return read.ok ? call.handle({ ...request, input: read.value }, deps) : read.response;
    },
  };
}
