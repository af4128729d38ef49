import type { AccountId, ListenerId, WebhookId } from '../domain/ids.ts';
import type { SealedSecret, Webhook } from '../domain/webhook.ts';

/** Not `ok`: this secret can never be opened. Failures of KMS and DynamoDB are thrown instead. */
export type OpenedSecret =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly reason: string };

export type OpenSecret = (
  sealed: SealedSecret,
  owner: {
    readonly accountId: AccountId;
    readonly webhookId: WebhookId | ListenerId;
    readonly headerNames?: readonly string[];
  },
) => Promise<OpenedSecret>;

export type LiveSecrets =
  | { readonly ok: true; readonly secrets: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Opens the secrets that have not expired at `now` (milliseconds since 1970), newest first. */
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
