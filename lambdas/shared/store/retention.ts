/** DynamoDB deletes events and deliveries this long after the event was accepted. */
const RECORD_RETENTION_DAYS = 30;

const SECONDS_PER_DAY = 24 * 60 * 60;

/** The time to live, in seconds since 1970, of items of an event that was accepted at this time (ms since 1970). */
export function expiryOf(acceptedAt: number): number {
  return Math.ceil(acceptedAt / 1000) + RECORD_RETENTION_DAYS * SECONDS_PER_DAY;
}

/** Converts milliseconds to whole seconds, the unit of the time to live. */
export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
