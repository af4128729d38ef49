import type { Item } from '../history.ts';
import { listIn } from '../json.ts';
import type { Evidence } from './evidence.ts';

/** Whether a webhook is subscribed to a type. Not imported from the functions on purpose: those could be wrong. */
export function isSubscribedTo(item: Item | undefined, type: string): boolean {
  if (item === undefined || !Array.isArray(item.events) || item.verified !== true) return false;
  return item.events.some((pattern) => matches(String(pattern), type));
}

export function isActive(item: Item | undefined): boolean {
  return item !== undefined && Array.isArray(item.events) && item.status === 'active';
}

/** The challenge that the webhook must answer. */
export interface Verification {
  readonly id: string;
  readonly url: string;
  readonly startedAt: number;
}

export function verificationIn(item: Item | undefined): Verification | undefined {
  if (item?.verification_id === undefined) return undefined;
  return {
    id: String(item.verification_id),
    url: String(item.verification_url),
    startedAt: Date.parse(String(item.verification_started_at)),
  };
}

/** One signing secret in an item. */
export interface SecretState {
  readonly sealed: string;
  /** Undefined: it cannot be decrypted. */
  readonly text: string | undefined;
  /** Milliseconds since 1970; infinite for the current secret. */
  readonly expiresAt: number;
  /** The rotation that made it. */
  readonly rotation: unknown;
}

/** The signing secrets of a webhook, newest first. */
export function secretsIn({ secretTexts }: Evidence, item: Item | undefined): SecretState[] {
  return listIn(item?.secrets).map(({ sealed, expires_at: expiresAt, rotation }) => ({
    sealed: String(sealed),
    text: secretTexts.get(String(sealed)),
    expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(expiresAt)),
    rotation,
  }));
}

/** Whether its secret cannot be decrypted, from the start or after an action of the scenario. */
export function hasBrokenSecret({ scenario, specOf }: Evidence, webhookId: string): boolean {
  const spec = specOf(webhookId);
  if (spec === undefined) return false;
  const index = scenario.webhooks.indexOf(spec);
  return (
    spec.state === 'sealed_elsewhere' ||
    scenario.actions.some((action) => action.do === 'break_secret' && action.webhook === index)
  );
}

function matches(pattern: string, type: string): boolean {
  const isSystem = type.startsWith('webhook.');
  switch (pattern) {
    case '*':
      return !isSystem;
    case 'file.*':
      return type.startsWith('file.');
    case 'webhook.*':
      return isSystem;
    default:
      return pattern === type;
  }
}
