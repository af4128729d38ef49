import * as z from 'zod/mini';
import { parseWebhookId } from '../../shared/domain/ids.ts';
import type { SealedSecret, Webhook } from '../../shared/domain/webhook.ts';
import { liveSecrets } from '../../shared/secrets/live-secrets.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { DEFAULT_GRACE_SECONDS, MAX_LIVE_SECRETS, ROTATE_RATE_LIMIT } from '../limits.ts';
import type { RotatedSecret } from '../open-api/calls/rotate-secret.ts';
import { invalidRequest, problem, tooManyRequests, webhookNotFound } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { optional } from '../schemas/input-fields.ts';
import { nextUpdatedAt } from '../webhooks/next-updated-at.ts';
import { planRotation } from '../webhooks/plan-rotation.ts';
import { renewSealed, sealAnew } from '../webhooks/renew-sealed.ts';

/** A further try is made only when another call, or a verification, changed the webhook between the read and the write. */
const MAX_TRIES = 5;

/** The earlier request may have rotated the secret, and a later rotation may have ended it: it must not sign again. */
const ROTATED_BY_OTHERS =
  'the secret was rotated by another request since the first one with this Idempotency-Key; rotate with another key';

/**
 * Rotations of one webhook at the same time are made one after another, by the condition of their writes: each new
 * secret is the previous one of the next rotation, and none is lost.
 */
export const rotateSecret = defineCall({
  idempotent: true,
  input: ({ secret, graceSeconds }) =>
    z.strictObject({ secret: optional(secret), grace_seconds: optional(graceSeconds) }),
  async handle({ accountId, path, input, startedAt, seed, isRepeated }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    if (webhookId === undefined) return webhookNotFound();
    const calledAt = deps.clock.now();
    const taken = await deps.rateLimits.take(accountId, ROTATE_RATE_LIMIT, calledAt);
    if (!taken.ok) return tooManyRequests('secrets were rotated', ROTATE_RATE_LIMIT, taken.retryAfterSeconds);
    const { secret = generateSecret(), grace_seconds: graceSeconds = DEFAULT_GRACE_SECONDS } = input;
    const createdAt = new Date(calledAt).toISOString();
    const sealed = await deps.keyring.seal(secret, { accountId, webhookId }, createdAt);
    const newest = { ...sealed, rotation: seed };

    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const webhook = await deps.webhooks.get(accountId, webhookId);
      if (webhook === undefined) return webhookNotFound();
      // The SDK repeats a write whose response was lost. The repeated write then conflicts with the first one. An
      // earlier request with the same Idempotency-Key may have crashed after its write.
      const made = webhook.secrets.findIndex(({ rotation }) => rotation === seed);
      if (made >= 0) {
        // An earlier request may have been answered: its secret is shown once.
        return rotated(
          webhook.secrets,
          made,
          webhook.secrets[made]?.sealed === newest.sealed ? secret : undefined,
        );
      }
      if (isRepeated && isNewerThan(webhook, startedAt)) return problem('conflict', ROTATED_BY_OTHERS);

      const now = deps.clock.now();
      const earlier = await openEarlier(webhook, deps, now);
      if (earlier.some(({ text, isCurrent }) => isCurrent && text === secret)) {
        return invalidRequest([{ path: 'secret', message: 'is the current secret of the webhook already' }]);
      }
      // An earlier secret may become the current one again. It then makes one signature, not two.
      const others = earlier.filter(({ text }) => text !== secret).map(({ sealed }) => sealed);
      const rotation = planRotation(newest, others, graceSeconds, now);
      if (rotation.kind === 'too_many') return tooManySecrets(rotation.freeAt);
      const { secrets } = rotation;
      const renewed = await renewSealed(webhook, { set: { secrets }, remove: [] }, deps, now);
      const updated = await deps.webhooks.update(accountId, webhookId, {
        set: { ...renewed, secrets, updatedAt: nextUpdatedAt(webhook, now) },
        when: { updatedAt: webhook.updatedAt },
      });
      if (updated === 'not_found') return webhookNotFound();
      if (updated !== 'conflict') return rotated(updated.secrets, 0, secret);
    }
    return problem('conflict', 'the webhook was changed by others at the same time; try again');
  },
});

interface EarlierSecret {
  /** The secret, sealed with the current data key. */
  readonly sealed: SealedSecret;
  readonly text: string;
  readonly isCurrent: boolean;
}

/**
 * The secrets that sign now, without those that do not open: nothing can be signed with these, and a customer replaces
 * them by a rotation.
 */
async function openEarlier(webhook: Webhook, deps: CallDeps, now: number): Promise<EarlierSecret[]> {
  const owner = { accountId: webhook.accountId, webhookId: webhook.id };
  const all = await Promise.all(
    liveSecrets(webhook, now).map(async (sealed, index) => {
      const opened = await deps.keyring.open(sealed, owner);
      if (!opened.ok) return [];
      return [{ sealed: await sealAnew(sealed, owner, deps), text: opened.secret, isCurrent: index === 0 }];
    }),
  );
  return all.flat();
}

/** Whether the current secret is of a rotation that began after `time`, in milliseconds since 1970. */
function isNewerThan({ secrets: [current] }: Webhook, time: number): boolean {
  return current?.rotation !== undefined && Date.parse(current.createdAt) > time;
}

/** `made`: the index of the secret that the rotation made. */
function rotated(secrets: readonly SealedSecret[], made: number, secret: string | undefined): ApiResponse {
  const body: RotatedSecret = {
    ...(secret === undefined ? {} : { secret }),
    previous_expires_at: secrets[made + 1]?.expiresAt ?? null,
  };
  return { status: 200, body };
}

function tooManySecrets(freeAt: string): ApiResponse {
  const detail =
    `${MAX_LIVE_SECRETS} secrets of the webhook sign already; the next one expires at ${freeAt}. ` +
    'Rotate after that, or with "grace_seconds": 0, which ends all of them';
  return problem('conflict', detail);
}
