/** The key attributes of both tables. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';

/** The deliveries table's time to live: seconds since 1970. */
export const TTL_ATTRIBUTE = 'expires_at';

/** The attributes of the item that counts the changes of an account's webhooks. */
export const VERSION = 'version';
export const CHANGES_IN_PROGRESS = 'changes_in_progress';

/**
 * The attributes that the sender's updates of a webhook may name, also in their conditions: the key, health, and
 * the result of a verification; and the version of the account. No secret, no events. IAM's `dynamodb:Attributes` condition lists them. All of them
 * are top-level attributes: AWS does not document whether that condition compares the name or the path of a nested one.
 */
export const SENDER_WEBHOOK_ATTRIBUTES = [
  PARTITION_KEY,
  SORT_KEY,
  'status',
  'url',
  'pending_url',
  'verified',
  'verified_by',
  'verification_id',
  'verification_url',
  'verification_started_at',
  'verification_error',
  'slow_since',
  'exhausted_in_row',
  'failing_since',
  'warned_at',
  'counted_by',
  'disabled_reason',
  'disabled_at',
  'updated_at',
  VERSION,
  CHANGES_IN_PROGRESS,
] as const;
