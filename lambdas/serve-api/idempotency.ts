import { createHash } from 'node:crypto';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Log } from '../shared/runtime/observability.ts';
import { type Begun, type KeptAnswer, newSeed } from '../shared/store/idempotency.ts';
import { callIdsOf } from './call-ids.ts';
import type { Ports } from './ports.ts';
import { invalidRequest, PROBLEMS, problem } from './problem.ts';
import type { ApiResponse } from './response.ts';
import type { PathParameters } from './routes.ts';

export const MAX_IDEMPOTENCY_KEY_CHARACTERS = 255;

/** Printable ASCII. */
const KEY = new RegExp(`^[\\x20-\\x7e]{1,${MAX_IDEMPOTENCY_KEY_CHARACTERS}}$`);

/** Value of `Retry-After` while another request with the key is handled, which takes less than a second as a rule. */
const RETRY_AFTER_SECONDS = 1;

const REPLAYED_HEADER = 'idempotent-replayed';

/** The ids of new items are derived from these values: `newWebhookId(startedAt, seed)`. */
export interface Creation {
  /** ms since 1970; the time of the first request with the same Idempotency-Key. */
  readonly startedAt: number;
  /** 128 random bits in hex; the same in every request with the same Idempotency-Key. */
  readonly seed: string;
  /** Whether an earlier request with the same Idempotency-Key crashed or failed: it may have created something. */
  readonly isRepeated: boolean;
}

/** The parts of a request that decide whether it is a repetition. */
interface RepeatableRequest {
  readonly call: string;
  readonly accountId: AccountId;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly path: PathParameters;
  readonly input: unknown;
}

interface Deps extends Pick<Ports, 'idempotency'> {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Handles a request once for each Idempotency-Key of an account, and answers its repetitions with the answer of the
 * first one. A request without the header, and a call that is not idempotent, is always handled.
 *
 * Only a success is kept. A refusal (4xx) has created nothing, and the key is forgotten. After a failure on our side, and
 * after a refusal that follows one, the key stays bound to the request, which can be repeated at once.
 */
export async function answerOnce(
  isIdempotent: boolean,
  request: RepeatableRequest,
  deps: Deps,
  handle: (creation: Creation) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const now = deps.clock.now();
  const key = isIdempotent ? request.headers['idempotency-key'] : undefined;
  if (key === undefined) return handle({ startedAt: now, seed: newSeed(), isRepeated: false });
  if (!KEY.test(key)) {
    const message = `must have 1 to ${MAX_IDEMPOTENCY_KEY_CHARACTERS} printable ASCII characters`;
    return invalidRequest([{ path: 'Idempotency-Key', message }]);
  }
  const { accountId } = request;
  const begun = await deps.idempotency.begin({ accountId, key, fingerprint: fingerprintOf(request) }, now);
  switch (begun.kind) {
    case 'begun':
      return handleAndKeep(begun, request, deps, handle);
    case 'answered':
      return replay(begun.answer);
    case 'running':
      return problem('idempotency-key-in-use', PROBLEMS['idempotency-key-in-use'].example, {
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      });
    case 'other_request':
      return problem('idempotency-key-reused', PROBLEMS['idempotency-key-reused'].example);
  }
}

/** The hash of the call, its path and its input as received. It depends on the order of fields, not on white space. */
function fingerprintOf({ call, path, input }: RepeatableRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([call, path, input]))
    .digest('hex');
}

async function handleAndKeep(
  { run, isFirst }: Extract<Begun, { kind: 'begun' }>,
  { call, accountId, path }: RepeatableRequest,
  { idempotency, clock, log }: Deps,
  handle: (creation: Creation) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  /**
   * A failed write must not replace the response. The key is then in use for half a minute, and nothing is created
   * twice.
   */
  const orLog = (write: Promise<void>): Promise<void> =>
    write.catch((error: unknown) => {
      log.warn('the end of a request with an Idempotency-Key was not recorded', {
        call,
        ...callIdsOf(accountId, path),
        ...errorFields(error),
      });
    });
  let response: ApiResponse;
  try {
    response = await handle({ startedAt: run.startedAt, seed: run.seed, isRepeated: !isFirst });
  } catch (cause) {
    await orLog(idempotency.release(run));
    throw cause;
  }
  if (response.status < 400) await orLog(idempotency.keep(run, toKeptAnswer(response)));
  else if (response.status < 500 && isFirst) await orLog(idempotency.forget(run, clock.now()));
  else await orLog(idempotency.release(run));
  return response;
}

function toKeptAnswer({ status, body, headers = {} }: ApiResponse): KeptAnswer {
  return { status, headers, ...(body === undefined ? {} : { body: JSON.stringify(withoutSecret(body)) }) };
}

/** A secret is shown once, and never stored as plain text. */
function withoutSecret(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'secret'));
}

function replay({ status, body, headers }: KeptAnswer): ApiResponse {
  return {
    status,
    headers: { ...headers, [REPLAYED_HEADER]: 'true' },
    ...(body === undefined ? {} : { body: JSON.parse(body) }),
  };
}
