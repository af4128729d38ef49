import { type HeaderEntries, whyHeadersRefused } from '../domain/custom-headers.ts';
import type { AccountId, WebhookId } from '../domain/ids.ts';
import type { SealedHeaders, SealedSecret } from '../domain/webhook.ts';
import type { OpenSecret } from './live-secrets.ts';
import type { SecretOwner } from './seal.ts';

interface HeaderOwner {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
}

export type OpenedHeaders =
  | { readonly ok: true; readonly headers: HeaderEntries }
  | { readonly ok: false; readonly reason: string };

/** The values are sealed for these names: they cannot be opened with other names. */
export async function sealHeaders(
  headers: HeaderEntries,
  { accountId, webhookId }: HeaderOwner,
  createdAt: string,
  seal: (text: string, owner: SecretOwner, createdAt: string) => Promise<SealedSecret>,
): Promise<SealedHeaders> {
  const headerNames = headers.map(([name]) => name);
  const values = headers.map(([, value]) => value);
  return {
    names: headerNames,
    sealed: await seal(JSON.stringify(values), { accountId, webhookId, headerNames }, createdAt),
  };
}

/** Undefined: there are no headers. Throws when the keyring cannot be reached. */
export async function openHeaders(
  sealedHeaders: SealedHeaders | undefined,
  { accountId, webhookId }: HeaderOwner,
  open: OpenSecret,
): Promise<OpenedHeaders> {
  if (sealedHeaders === undefined) return { ok: true, headers: [] };
  const { names, sealed } = sealedHeaders;
  const opened = await open(sealed, { accountId, webhookId, headerNames: names });
  if (!opened.ok) return opened;
  const values: unknown = JSON.parse(opened.secret);
  if (!Array.isArray(values) || values.length !== names.length) {
    return { ok: false, reason: 'the number of sealed header values is not the number of names' };
  }
  const headers = names.map((name, index) => [name, String(values[index])] as const);
  // A later deployment may reserve more names than the one that sealed these.
  const [refusal] = whyHeadersRefused(headers);
  if (refusal === undefined) return { ok: true, headers };
  return { ok: false, reason: `the custom header ${refusal.name ?? ''}: ${refusal.reason}` };
}
