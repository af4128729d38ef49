import type { SealedHeaders, SealedSecret, Webhook } from '../../shared/domain/webhook.ts';
import { errorFields } from '../../shared/runtime/errors.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import { liveSecrets } from '../../shared/secrets/live-secrets.ts';
import type { SecretOwner } from '../../shared/secrets/seal.ts';
import type { Ports } from '../ports.ts';
import type { PlannedChange } from './plan-change.ts';

type Renewed = Pick<PlannedChange['set'], 'secrets' | 'customHeaders'>;
type KeyringPort = Pick<Ports, 'keyring'>;

/**
 * The fields that are written with every change of a webhook: its secrets without those that have expired, and all
 * values that an older data key seals, sealed with the current one. Fields that need no renewal, or that the change
 * itself replaces, are absent. Renewing is best effort: while the keyring cannot be reached, a webhook can still be
 * disabled.
 */
export async function renewSealed(
  webhook: Webhook,
  { set, remove }: Pick<PlannedChange, 'set' | 'remove'>,
  deps: KeyringPort & { readonly log: Log },
  now: number,
): Promise<Renewed> {
  try {
    const keepsHeaders = set.customHeaders === undefined && !remove.includes('customHeaders');
    return {
      ...(set.secrets === undefined ? await renewSecrets(webhook, deps, now) : {}),
      ...(keepsHeaders ? await renewHeaders(webhook, webhook.customHeaders, deps) : {}),
    };
  } catch (error) {
    deps.log.warn('the secrets of a webhook were not renewed', {
      account_id: webhook.accountId,
      webhook_id: webhook.id,
      ...errorFields(error),
    });
    return {};
  }
}

async function renewSecrets(webhook: Webhook, deps: KeyringPort, now: number): Promise<Renewed> {
  const owner = { accountId: webhook.accountId, webhookId: webhook.id };
  const live = liveSecrets(webhook, now);
  const secrets = await Promise.all(live.map((sealed) => sealAnew(sealed, owner, deps)));
  const isSame =
    secrets.length === webhook.secrets.length && secrets.every((sealed, n) => sealed === live[n]);
  // An item without any secret does not parse as a webhook.
  return isSame || secrets.length === 0 ? {} : { secrets };
}

async function renewHeaders(
  { accountId, id: webhookId }: Webhook,
  headers: SealedHeaders | undefined,
  deps: KeyringPort,
): Promise<Renewed> {
  if (headers === undefined) return {};
  const sealed = await sealAnew(headers.sealed, { accountId, webhookId, headerNames: headers.names }, deps);
  return sealed === headers.sealed ? {} : { customHeaders: { ...headers, sealed } };
}

/** Resolves to the same object when the current data key seals it already, and when it does not open. */
export async function sealAnew(
  sealed: SealedSecret,
  owner: SecretOwner,
  { keyring }: KeyringPort,
): Promise<SealedSecret> {
  if (sealed.dataKey === (await keyring.currentDataKey())) return sealed;
  const opened = await keyring.open(sealed, owner);
  if (!opened.ok) return sealed;
  return { ...sealed, ...(await keyring.seal(opened.secret, owner, sealed.createdAt)) };
}
