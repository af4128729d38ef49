/** SQS quotas: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */

/** One message, and the sum of a batch. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const MAX_BATCH_ENTRIES = 10;
export const MAX_RECEIVED_MESSAGES = 10;
export const MAX_DELAY_SECONDS = 900;
/** 12 hours from the receipt, extensions included. */
export const MAX_VISIBILITY_SECONDS = 43_200;
export const MAX_WAIT_SECONDS = 20;
export const MAX_IN_FLIGHT = 120_000;
export const MAX_MESSAGE_ATTRIBUTES = 10;

/** Fair queues: a group is noisy when it holds at least this many messages in flight … */
export const NOISY_MIN_IN_FLIGHT = 30;
/** … and more than this share of all. */
export const NOISY_MIN_SHARE = 0.1;
