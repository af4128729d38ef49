/** Limits and decisions of the deployed functions. The simulator uses the same code. */
export { FRESH_MS } from '../lambdas/send-delivery/receive.ts';
export {
  HUNG_AFTER_MS,
  MARK_MIN_AGE_MS,
  MEMORY_MS,
  QUICK_RESPONSE_MS,
  suspectsOurSide,
} from '../lambdas/send-delivery/slow-endpoints.ts';
export { ATTEMPT_DEADLINE_MS } from '../lambdas/shared/domain/retry-schedule.ts';
