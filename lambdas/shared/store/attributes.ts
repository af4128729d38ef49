/** Both tables have the same two key attributes. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';

/** The deliveries table's time to live: seconds since 1970. */
export const TTL_ATTRIBUTE = 'expires_at';

/**
 * All that the sender's updates of a webhook may name, in their conditions too, for IAM's
 * `dynamodb:Attributes` condition: the key, health, and what a verification decides. No secret, no events.
 */
export const SENDER_WEBHOOK_ATTRIBUTES = [
  PARTITION_KEY,
  SORT_KEY,
  'status',
  'url',
  'pending_url',
  'verified',
  'verified_by',
  'verification',
  'verification_error',
  'slow_since',
  'updated_at',
] as const;
