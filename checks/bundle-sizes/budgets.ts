import type { Step } from '../../lib/shared/function-code.ts';

/**
 * The largest size of each bundle, in kB (1,000 bytes). A larger bundle starts more slowly. A change that needs more raises
 * its budget in the same commit and says why.
 */
export const BUDGETS_KB: Readonly<Record<Step, number>> = {
  'create-portal-link': 250,
  'dispatch-event': 340,
  'recover-deliveries': 330,
  'send-delivery': 620,
  'serve-api': 455,
  'serve-console': 10,
};
