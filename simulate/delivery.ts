/** One event that is sent to one endpoint. Times are milliseconds of simulated time. */
export interface Delivery {
  readonly endpoint: number;
  readonly publishedAt: number;
  readonly signedAt: number;
  /** From 1. */
  readonly attempt: number;
}
