import type { Attempt, DeliveryMessage, Signed } from '../shared/domain/delivery.ts';
import { deliveryHeaders } from '../shared/wire/headers.ts';
import type { PostResult, SendPorts } from './ports.ts';

/** What counts as success: the contract's exact 200, or any 2xx where the operator said so. */
export type SuccessStatus = '200' | '2xx';

/** What is kept of a failed attempt's answer, so that a record stays within one write unit. */
const MAX_EXCERPT_CHARACTERS = 256;

export interface AttemptRequest {
  readonly message: DeliveryMessage;
  readonly url: string;
  readonly signed: Signed;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Sends a delivery once and judges the answer. */
export async function makeAttempt(
  request: AttemptRequest,
  success: SuccessStatus,
  post: SendPorts['post'],
): Promise<Attempt> {
  const { message, url, signed } = request;
  const result = await post({
    url,
    headers: deliveryHeaders(message, signed, message.attempt),
    body: message.body,
    readBody: (status) => {
      if (message.kind === 'verification' && status === 200) return 'all';
      return message.kind !== 'verification' && isSuccess(status, success) ? 'nothing' : 'beginning';
    },
  });
  return {
    number: message.attempt,
    at: request.at,
    durationMs: Math.round(result.durationMs),
    token: request.token,
    ...(result.reconnected ? { reconnected: true } : {}),
    ...judge(message, result, success),
  };
}

type Verdict = Pick<Attempt, 'status' | 'error' | 'reason' | 'location' | 'excerpt' | 'excerptCut'>;

function judge(message: DeliveryMessage, result: PostResult, success: SuccessStatus): Verdict {
  if (result.kind === 'failed') return { error: result.error, reason: result.reason };
  const { status } = result;
  if (message.kind === 'verification') {
    if (status === 200 && echoesChallenge(message.body, result)) return { status };
    if (status === 200) {
      const reason = 'the answer is not JSON with the same "challenge" string: {"challenge":"…"}';
      return { status, error: 'challenge_mismatch', reason, ...excerptOf(result) };
    }
  } else if (isSuccess(status, success)) {
    return { status };
  }
  const expected = success === '2xx' && message.kind !== 'verification' ? 'a 2xx status' : '200';
  const reason = `the endpoint answered ${status}; ${expected} was expected`;
  return {
    status,
    error: 'http_status',
    reason,
    ...(result.location === undefined ? {} : { location: result.location }),
    ...excerptOf(result),
  };
}

function isSuccess(status: number, success: SuccessStatus): boolean {
  return success === '2xx' ? status >= 200 && status < 300 : status === 200;
}

function echoesChallenge(sent: string, answer: { body: string; bodyCut: boolean }): boolean {
  const expected = challengeIn(sent, ['data', 'challenge']);
  return expected !== undefined && !answer.bodyCut && challengeIn(answer.body, ['challenge']) === expected;
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

function excerptOf(answer: { body: string; bodyCut: boolean }): Pick<Attempt, 'excerpt' | 'excerptCut'> {
  if (answer.body === '') return {};
  const cut = answer.bodyCut || answer.body.length > MAX_EXCERPT_CHARACTERS;
  // A cut may leave half a character, which is no text that a table takes.
  const excerpt = answer.body.slice(0, MAX_EXCERPT_CHARACTERS).toWellFormed();
  return { excerpt, ...(cut ? { excerptCut: true } : {}) };
}
