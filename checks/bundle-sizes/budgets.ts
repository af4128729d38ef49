import type { Step } from '../../lib/shared/function-code.ts';

/**
 * The largest size of each bundle, in kB (1,000 bytes). A larger bundle starts more slowly. A change that needs more
 * raises the budget in the same commit and states why.
 */
export const BUDGETS_KB: Readonly<Record<Step, number>> = {
  'create-portal-link': 220,
  'dispatch-event': 315,
  'recover-deliveries': 305,
  'send-delivery': 535,
  'serve-api': 430,
  'serve-console': 10,
};
