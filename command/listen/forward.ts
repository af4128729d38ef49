import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { ATTEMPT_DEADLINE_MS } from '../../lambdas/shared/domain/retry-schedule.ts';
import { explain } from '../shared/explain.ts';
import type { ListenedDelivery } from './listener-api.ts';

/** Bytes of a response's body that are read, as by the sender. */
const MAX_BODY_BYTES = 16_384;

export type ForwardResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Target of a redirect, which is not followed. */
      readonly location?: string;
      /** At most 16 KiB, decoded as UTF-8. */
      readonly body: string;
      /** Whether the body is incomplete: it was too long, or the connection was interrupted. */
      readonly bodyCut: boolean;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly durationMs: number };

/**
 * Sends the requests of a webhook to one URL: the same headers and body as the sender's, no redirects, 30 s. Unlike the
 * sender, it connects to any address and has no HTTP client of its own: nothing here depends on its limits, and that
 * client would be a third of the command's size. A failed request is a result, not an error.
 */
export function createForward(url: string, signal: AbortSignal) {
  return async ({ headers, body }: ListenedDelivery): Promise<ForwardResult> => {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    const deadline = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    try {
      const options = { method: 'POST', headers, signal: AbortSignal.any([signal, deadline]) };
      const sent = url.startsWith('https:') ? requestHttps(url, options) : requestHttp(url, options);
      const response = await answerTo(sent, body);
      const { location } = response.headers;
      const took = durationMs();
      return {
        kind: 'answered',
        status: response.statusCode ?? 0,
        ...(location === undefined ? {} : { location }),
        ...(await readBody(response)),
        durationMs: took,
      };
    } catch (error) {
      const isLate = deadline.aborted && !signal.aborted;
      const reason = isLate ? `no answer within ${ATTEMPT_DEADLINE_MS / 1_000} s` : explain(error);
      return { kind: 'failed', reason, durationMs: durationMs() };
    }
  };
}

function answerTo(sent: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve).on('error', reject).end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<{ body: string; bodyCut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    return { body: Buffer.concat(chunks).toString(), bodyCut: true };
  }
  const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString();
  return { body, bodyCut: bytes > MAX_BODY_BYTES };
}
