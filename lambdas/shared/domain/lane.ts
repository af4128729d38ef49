/** The kinds of attempts. Each has its own queues, its own function and its own concurrency. */
export const LANES = ['first', 'retry', 'slow'] as const;
export type Lane = (typeof LANES)[number];
