/** Events and deliveries are kept this long after the event was accepted; then DynamoDB deletes them. */
const RECORD_RETENTION_DAYS = 30;

const SECONDS_PER_DAY = 24 * 60 * 60;

/** The time to live of what belongs to an event accepted then (milliseconds), in seconds since 1970. */
export function expiryOf(acceptedAt: number): number {
  return Math.ceil(acceptedAt / 1000) + RECORD_RETENTION_DAYS * SECONDS_PER_DAY;
}
