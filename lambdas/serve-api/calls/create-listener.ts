import * as z from 'zod/mini';
import { newListenerId } from '../../shared/domain/ids.ts';
import { expiresAt, isListening, type Listener } from '../../shared/domain/listener.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { LISTEN_RATE_LIMIT, MAX_LISTENERS } from '../limits.ts';
import type { CreatedListener } from '../open-api/calls/create-listener.ts';
import { problem, tooManyRequests } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { optional } from '../schemas/input-fields.ts';
import { timeText } from '../schemas/time.ts';

export const createListener = defineCall({
  idempotent: true,
  input: ({ events, secret }) => z.strictObject({ events, secret: optional(secret) }),
  async handle({ accountId, input, startedAt, seed }, deps) {
    const now = deps.clock.now();
    const taken = await deps.rateLimits.take(accountId, LISTEN_RATE_LIMIT, now);
    if (!taken.ok)
      return tooManyRequests('listeners were created', LISTEN_RATE_LIMIT, taken.retryAfterSeconds);
    const { events, secret = generateSecret() } = input;
    const id = newListenerId(startedAt, seed);
    const owner = { accountId, webhookId: id };
    const listener: Listener = {
      id,
      accountId,
      events,
      secret: await deps.keyring.seal(secret, owner, new Date(now).toISOString()),
      createdAt: now,
      polledAt: now,
    };
    // It exists when the SDK repeated the call, and when an earlier request with the same Idempotency-Key crashed.
    const created = await deps.listeners.create(listener);
    const refusal = await refuseOverLimit(listener, now, deps);
    if (refusal !== undefined) return refusal;
    const stored = created === 'created' ? listener : await deps.listeners.get(accountId, id);
    const isOwn = stored?.secret.sealed === listener.secret.sealed;
    const body: CreatedListener = {
      id,
      events: [...events],
      created_at: timeText(stored?.createdAt ?? now),
      expires_at: timeText(expiresAt(stored ?? listener)),
      ...(isOwn ? { secret } : {}),
    };
    return { status: 201, body };
  },
});

/**
 * As with webhooks, the limit is enforced by writing first and counting afterwards: of several concurrent requests at
 * least the last one counts all. Also removes the account's expired listeners.
 */
async function refuseOverLimit(
  { accountId, id }: Listener,
  now: number,
  { listeners }: Pick<CallDeps, 'listeners'>,
): Promise<ApiResponse | undefined> {
  try {
    const all = await listeners.list(accountId);
    const expired = all.filter((listener) => !isListening(listener, now));
    // Conditional: a listener that was polled since is kept.
    await Promise.all(expired.map((listener) => listeners.remove(accountId, listener.id, listener.polledAt)));
    if (all.length - expired.length <= MAX_LISTENERS) return undefined;
  } catch (cause) {
    await listeners.remove(accountId, id);
    throw cause;
  }
  await listeners.remove(accountId, id);
  return problem(
    'listener-limit-reached',
    `an account has at most ${MAX_LISTENERS} listeners; delete one, or wait until one expires 2 minutes after its last poll`,
  );
}
