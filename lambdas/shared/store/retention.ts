/** Events and deliveries are kept for this long after the event was accepted. Then DynamoDB deletes them. */
const RECORD_RETENTION_DAYS = 30;

const SECONDS_PER_DAY = 24 * 60 * 60;

/** The time to live of what belongs to an event accepted then (milliseconds), in seconds since 1970. */
export function expiryOf(acceptedAt: number): number {
  return Math.ceil(acceptedAt / 1000) + RECORD_RETENTION_DAYS * SECONDS_PER_DAY;
}

/** The unit of the time to live: whole seconds since 1970. */
export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
