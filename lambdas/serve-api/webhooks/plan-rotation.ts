import type { SealedSecret } from '../../shared/domain/webhook.ts';
import { MAX_LIVE_SECRETS } from '../limits.ts';

/** The secrets of a webhook after a rotation, newest first. */
export type Rotation =
  | { readonly kind: 'rotated'; readonly secrets: readonly SealedSecret[] }
  /** `freeAt` is ISO 8601: when the next of them expires. */
  | { readonly kind: 'too_many'; readonly freeAt: string };

/**
 * `earlier` are the secrets that sign now and open, newest first. The replaced one signs for `graceSeconds` from `now`
 * (milliseconds since 1970), those before it until the times that their own rotations set. With 0 none of them signs
 * any more: the new secret replaces all others.
 */
export function planRotation(
  newest: SealedSecret,
  earlier: readonly SealedSecret[],
  graceSeconds: number,
  now: number,
): Rotation {
  if (graceSeconds === 0) return { kind: 'rotated', secrets: [newest] };
  const expiresAt = new Date(now + graceSeconds * 1_000).toISOString();
  const previous = earlier.map((sealed) => ({ ...sealed, expiresAt: sealed.expiresAt ?? expiresAt }));
  const [firstToExpire = expiresAt] = previous.map((sealed) => sealed.expiresAt).sort();
  if (previous.length >= MAX_LIVE_SECRETS) return { kind: 'too_many', freeAt: firstToExpire };
  return { kind: 'rotated', secrets: [newest, ...previous] };
}
