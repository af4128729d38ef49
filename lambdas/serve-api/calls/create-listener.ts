import * as z from 'zod';
import { newListenerId } from '../../shared/domain/ids.ts';
import { goneAt, isListening, type Listener } from '../../shared/domain/listener.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { LISTEN_RATE_LIMIT, MAX_LISTENERS } from '../limits.ts';
import { problem, tooManyRequests } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { EXAMPLE_LISTENER_ID } from '../schemas/examples.ts';
import { optional } from '../schemas/input-fields.ts';
import { timeSchema, timeText } from '../schemas/time.ts';

const createdListenerSchema = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_LISTENER_ID] }),
  events: z.array(z.string()),
  created_at: timeSchema,
  expires_at: timeSchema.meta({ description: 'The listener is gone then, unless it is polled before.' }),
  secret: z
    .string()
    .optional()
    .meta({
      description:
        'Signs the deliveries. No other response contains it. Absent in the answer to a repeated request with an ' +
        'Idempotency-Key.',
      examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
});

export const createListener = defineCall({
  description: {
    summary: 'Create a listener',
    description:
      'A listener receives events without a URL: a program on a developer’s machine polls for them. Each event that it ' +
      'subscribes to is stored for it for an hour. It is gone two minutes after the last poll, at the latest; an account ' +
      `has at most ${MAX_LISTENERS} at a time. It changes nothing for webhooks. System events are published only while a ` +
      'webhook of the account subscribes to them. For development: there are no retries, and no more than 25 events a ' +
      'second are stored for a listener by one execution environment.',
    success: {
      status: 201,
      description: 'Created. Only this response contains the secret.',
      output: { name: 'CreatedListener', schema: createdListenerSchema },
    },
    problems: ['listener-limit-reached', 'too-many-requests'],
  },
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
    const body: z.output<typeof createdListenerSchema> = {
      id,
      events: [...events],
      created_at: timeText(stored?.createdAt ?? now),
      expires_at: timeText(goneAt(stored ?? listener)),
      ...(isOwn ? { secret } : {}),
    };
    return { status: 201, body };
  },
});

/**
 * As with webhooks, the limit is enforced by writing first and counting afterwards: of several requests at the same
 * time at least the last one counts all. Also removes the account's listeners that are gone.
 */
async function refuseOverLimit(
  { accountId, id }: Listener,
  now: number,
  { listeners }: Pick<CallDeps, 'listeners'>,
): Promise<ApiResponse | undefined> {
  try {
    const all = await listeners.list(accountId);
    const gone = all.filter((listener) => !isListening(listener, now));
    // On condition that it was not polled since.
    await Promise.all(gone.map((listener) => listeners.remove(accountId, listener.id, listener.polledAt)));
    if (all.length - gone.length <= MAX_LISTENERS) return undefined;
  } catch (cause) {
    await listeners.remove(accountId, id);
    throw cause;
  }
  await listeners.remove(accountId, id);
  return problem(
    'listener-limit-reached',
    `an account has at most ${MAX_LISTENERS} listeners; end one, or wait until it was not polled for 2 minutes`,
  );
}
