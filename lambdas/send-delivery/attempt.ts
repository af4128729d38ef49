import { CANARY_ACCOUNT } from '../shared/domain/canary.ts';
import type { HeaderEntries } from '../shared/domain/custom-headers.ts';
import type { Attempt, DeliveryMessage, Signed } from '../shared/domain/delivery.ts';
import { cutText, EXCERPT_BYTES } from '../shared/domain/excerpt.ts';
import type { Traceparent } from '../shared/domain/traceparent.ts';
import type { SuccessStatus } from '../shared/domain/webhook.ts';
import type { ReadBody } from '../shared/http/exchange.ts';
import { deliveryHeaders } from '../shared/http/headers.ts';
import type { Poster, PostResult } from '../shared/http/post.ts';
import { timestampOf } from '../shared/signing/sign.ts';

export interface AttemptRequest {
  readonly message: DeliveryMessage;
  readonly url: string;
  readonly signed: Signed;
  /** The webhook's own headers, opened. */
  readonly customHeaders: HeaderEntries;
  /** Sent to the endpoint. Absent: none. */
  readonly traceparent?: Traceparent | undefined;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Sends a delivery once and evaluates the response. */
export async function makeAttempt(
  request: AttemptRequest,
  success: SuccessStatus,
  post: Poster['post'],
): Promise<Attempt> {
  const { message, url, signed, customHeaders, traceparent } = request;
  const timestamp = timestampOf(signed.signedAt);
  const result = await post({
    url,
    headers: deliveryHeaders(message, signed, message.attempt, customHeaders, traceparent),
    body: message.body,
    ...(message.accountId === CANARY_ACCOUNT ? { ofCanary: true } : {}),
    readBody: (status) => requiredBody(message, status, success),
  });
  return {
    number: message.attempt,
    at: request.at,
    durationMs: Math.round(result.durationMs),
    token: request.token,
    ...(timestamp === timestampOf(request.at) ? {} : { timestamp }),
    ...(Object.keys(result.timing).length === 0 ? {} : { timing: result.timing }),
    ...(result.reconnected ? { reconnected: true } : {}),
    ...(result.kind === 'answered' && result.control !== undefined ? { control: result.control } : {}),
    ...evaluate(message, result, success),
  };
}

/** Only the response to a verification needs its body when it is a success: the body contains the challenge. */
function requiredBody(message: DeliveryMessage, status: number, success: SuccessStatus): ReadBody {
  if (!isSuccess(message, status, success)) return 'beginning';
  return message.kind === 'verification' ? 'all' : 'nothing';
}

type Evaluation = Pick<
  Attempt,
  'status' | 'error' | 'reason' | 'location' | 'responseHeaders' | 'excerpt' | 'excerptCut'
>;

function evaluate(message: DeliveryMessage, result: PostResult, success: SuccessStatus): Evaluation {
  if (result.kind === 'failed') return { error: result.error, reason: result.reason };
  const { status, location } = result;
  if (isSuccess(message, status, success)) {
    if (message.kind !== 'verification' || echoesChallenge(message.body, result)) return { status };
    const reason = 'the response is not JSON with the same "challenge" string: {"challenge":"…"}';
    return { status, error: 'challenge_mismatch', reason, ...responseOf(result) };
  }
  const expected = success === '2xx' && message.kind !== 'verification' ? 'a 2xx status' : '200';
  return {
    status,
    error: 'http_status',
    reason: `the endpoint answered ${status}; ${expected} was expected`,
    ...(location === undefined ? {} : { location }),
    ...responseOf(result),
  };
}

/** A challenge needs status 200, even if the operator chose 2xx for events. */
function isSuccess(message: DeliveryMessage, status: number, success: SuccessStatus): boolean {
  if (message.kind === 'verification' || success === '200') return status === 200;
  return status >= 200 && status < 300;
}

type Answered = Extract<PostResult, { kind: 'answered' }>;

function echoesChallenge(sent: string, response: Answered): boolean {
  const expected = challengeIn(sent, ['data', 'challenge']);
  return (
    expected !== undefined && !response.bodyCut && challengeIn(response.body, ['challenge']) === expected
  );
}

function challengeIn(json: string, path: readonly string[]): string | undefined {
  try {
    let value: unknown = JSON.parse(json);
    for (const name of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = Reflect.get(value, name);
    }
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The parts of the response to a failed attempt that are recorded. */
function responseOf({
  headers,
  body,
  bodyCut,
}: Answered): Pick<Attempt, 'responseHeaders' | 'excerpt' | 'excerptCut'> {
  const { text: excerpt, isCut } = cutText(body, EXCERPT_BYTES);
  return {
    ...(headers === undefined ? {} : { responseHeaders: headers }),
    ...(excerpt === '' ? {} : { excerpt }),
    ...(excerpt !== '' && (bodyCut || isCut) ? { excerptCut: true } : {}),
  };
}
