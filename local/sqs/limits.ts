/** SQS quotas: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */

/** The size of one message, and of all messages of a batch. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const MAX_BATCH_ENTRIES = 10;
export const MAX_RECEIVED_MESSAGES = 10;
export const MAX_DELAY_SECONDS = 900;
/** 12 hours from the receive, including extensions. */
export const MAX_VISIBILITY_SECONDS = 43_200;
export const MAX_WAIT_SECONDS = 20;
export const MAX_IN_FLIGHT = 120_000;
export const MAX_MESSAGE_ATTRIBUTES = 10;

/** Fair queues: a group is noisy if it has at least this many messages in flight, and more than `NOISY_MIN_SHARE`. */
export const NOISY_MIN_IN_FLIGHT = 30;
/** A noisy group has more than this share of all messages in flight. */
export const NOISY_MIN_SHARE = 0.1;
