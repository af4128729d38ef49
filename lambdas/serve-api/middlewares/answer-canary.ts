import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import { CANARY_ACCOUNT, CANARY_PATH, CANARY_TYPE } from '../../shared/domain/canary.ts';
import { VERIFICATION_TYPE } from '../../shared/domain/catalogue.ts';
import { type EventId, parseEventId } from '../../shared/domain/ids.ts';
import { isJsonObject } from '../../shared/domain/json-object.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Counters } from '../../shared/runtime/observability.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { sign } from '../../shared/signing/sign.ts';
import type { ApiEvent } from '../api-event.ts';
import type { Ports } from '../ports.ts';
import { invalidRequest, problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';

/** Several times the body of the scheduled event. */
const MAX_BODY_BYTES = 8 * 1024;
/** The tolerance that the documents recommend to receivers. A replayed request counts again only within this time. */
const TOLERANCE_MS = 5 * 60_000;
/** `v1,` and the base64 of 32 bytes, of up to five secrets. */
const SIGNATURES = /^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=){0,4}$/;

export interface CanaryDeps {
  readonly webhooks: Pick<Ports['webhooks'], 'list'>;
  readonly keyring: Pick<Ports['keyring'], 'open'>;
  readonly clock: Clock;
  readonly counters: Counters;
}

interface SignedRequest {
  readonly eventId: EventId;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
  readonly signatures: readonly string[];
  readonly body: string;
}

/**
 * The endpoint of the deployment's own webhook: answers its challenge, and counts each scheduled event as
 * `canary_received`. It verifies signatures as a customer does. The OpenAPI document does not describe it: it is not
 * for customers. Without `canaryUrl` the path is unknown.
 */
export function answerCanary(
  canaryUrl: string | undefined,
  deps: CanaryDeps,
): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: async ({ event }) => {
      if (canaryUrl === undefined || event.rawPath !== CANARY_PATH) return undefined;
      if (event.requestContext.http.method !== 'POST') return undefined;
      const request = readRequest(event, deps.clock.now());
      if (request === undefined || !(await isSigned(request, canaryUrl, deps))) {
        return problem('unauthorized', 'the request has no valid and recent signature of the canary');
      }
      return receive(request.body, deps.counters);
    },
  };
}

/** Undefined when the request cannot have a valid signature: then nothing is read from the table. */
function readRequest(
  { headers, body = '', isBase64Encoded }: ApiEvent,
  now: number,
): SignedRequest | undefined {
  const eventId = parseEventId(headers['webhook-id']);
  const timestamp = headers['webhook-timestamp'] ?? '';
  const signatures = headers['webhook-signature'] ?? '';
  if (eventId === undefined || !/^\d{1,12}$/.test(timestamp) || !SIGNATURES.test(signatures))
    return undefined;
  const signedAt = Number(timestamp) * 1_000;
  if (Math.abs(now - signedAt) > TOLERANCE_MS) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) return undefined;
  return { eventId, signedAt, signatures: signatures.split(' '), body: bytes.toString('utf8') };
}

async function isSigned(request: SignedRequest, canaryUrl: string, deps: CanaryDeps): Promise<boolean> {
  const { webhooks } = await deps.webhooks.list(CANARY_ACCOUNT);
  for (const webhook of webhooks.filter(({ url }) => url === canaryUrl)) {
    if (await isSignedBy(webhook, request, deps)) return true;
  }
  return false;
}

async function isSignedBy(
  webhook: Webhook,
  { signatures, ...signed }: SignedRequest,
  { keyring, clock }: CanaryDeps,
): Promise<boolean> {
  const opened = await openLiveSecrets(webhook, keyring.open, clock.now());
  if (!opened.ok) return false;
  const expected = sign({ ...signed, secrets: opened.secrets }).standard.split(' ');
  return expected.some((one) => signatures.some((given) => isEqual(one, given)));
}

function isEqual(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The signature is valid: this deployment made the body. */
function receive(body: string, counters: Counters): ApiResponse {
  const { type, data } = parseObject(body);
  if (type === VERIFICATION_TYPE && isJsonObject(data)) {
    return { status: 200, body: { challenge: data.challenge } };
  }
  if (type === CANARY_TYPE) {
    counters.count('canary_received');
    return { status: 200, body: { received: true } };
  }
  return invalidRequest([{ path: 'type', message: `only ${CANARY_TYPE} is received here` }]);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}
