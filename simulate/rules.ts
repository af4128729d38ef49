/** The rules of the deployed functions that the simulator follows. */
export { FRESH_MS } from '../lambdas/send-delivery/receive.ts';
export {
  HUNG_AFTER_MS,
  MARK_MIN_AGE_MS,
  MEMORY_MS,
  QUICK_RESPONSE_MS,
  suspectsOurSide,
} from '../lambdas/send-delivery/slow-endpoints.ts';
export { ATTEMPT_DEADLINE_MS } from '../lambdas/shared/domain/schedule.ts';
