import type { SealedSecret, Webhook } from '../domain/webhook.ts';
import type { OpenedSecret, SecretOwner } from './seal.ts';

/** A secret that does not open is a fact about it; a keyring that cannot be reached throws instead. */
export type OpenSecret = (sealed: SealedSecret, owner: SecretOwner) => Promise<OpenedSecret>;

export type LiveSecrets =
  | { readonly ok: true; readonly secrets: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Opens the secrets that sign at this moment, newest first: the current one, and any not yet rotated out. */
export async function openLiveSecrets(webhook: Webhook, open: OpenSecret, now: number): Promise<LiveSecrets> {
  const secrets: string[] = [];
  for (const sealed of liveSecrets(webhook, now)) {
    const opened = await open(sealed, { accountId: webhook.accountId, webhookId: webhook.id });
    if (!opened.ok) return opened;
    secrets.push(opened.secret);
  }
  return secrets.length > 0 ? { ok: true, secrets } : { ok: false, reason: 'the webhook has no live secret' };
}

/** The sealed secrets that sign at `now` (milliseconds since 1970), newest first. */
export function liveSecrets({ secrets }: Webhook, now: number): SealedSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now);
}
