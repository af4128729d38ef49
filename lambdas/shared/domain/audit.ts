import type { AccountId, AuditId } from './ids.ts';

/** The actions of customers' calls, then those of the service itself, then those of operators' commands. */
export const AUDIT_ACTIONS = [
  'webhook.create',
  'webhook.change',
  'webhook.enable',
  'webhook.disable',
  'webhook.delete',
  'webhook.verify',
  'webhook.rotate_secret',
  'webhook.test',
  'delivery.resend',
  'recovery.start',
  'recovery.stop',
  'listener.create',
  'listener.delete',
  'session.create',
  'session.begin',
  'session.revoke',
  'service.verify',
  'service.disable',
  'key.create',
  'key.revoke',
  'data_key.rotate',
  'exhausted.redrive',
  'poison.redrive',
  'undispatched.redispatch',
  'event.erase',
  'account.erase',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/**
 * Who did it:
 * - `api`: a customer's program, by its API key
 * - `session`: a person in the console, by a session
 * - `portal`: a caller of the portal function, such as the operator's backend
 * - `command`: an operator's command, with AWS credentials or with a key that it made for itself
 * - `service`: a function, since an endpoint answered a challenge or failed too often
 */
export const AUDIT_SOURCES = ['api', 'session', 'portal', 'command', 'service'] as const;
export type AuditSource = (typeof AUDIT_SOURCES)[number];

/** The sources whose actor belongs to the customer: the name of one of its API keys, or of a person. */
export const CUSTOMER_SOURCES = ['api', 'session', 'portal'] as const satisfies readonly AuditSource[];

/**
 * How the change ended:
 * - `done`: as requested
 * - `refused`: nothing was changed, or the change was undone
 * - `failed`: an error; it may have been done in part
 */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Ids, numbers and names of fields. No value that a customer gave: no URL, no secret, no payload. */
export type AuditDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** One change, or one attempted change. */
export interface AuditEntry {
  /** It begins with the time of the change. */
  readonly id: AuditId;
  /** Absent: an operator's work that concerns no single account. */
  readonly accountId?: AccountId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly action: AuditAction;
  readonly source: AuditSource;
  /** The id of the API key or the session that was used. Absent without one. */
  readonly keyId?: string;
  /**
   * The name of that key, the actor of that session or link, or the user of the operator's machine. Absent also when the
   * account was erased, for the sources of `CUSTOMER_SOURCES`.
   */
  readonly actor?: string;
  /** The id of the webhook, delivery, recovery, listener, session, event or key that it is about. */
  readonly subject?: string;
  /** The id of the HTTP request, as in the API's access log. */
  readonly requestId?: string;
  readonly details?: AuditDetails;
  /** Absent: the change was begun, and its outcome is not known. */
  readonly outcome?: AuditOutcome;
}
