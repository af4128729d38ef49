/**
 * All that a simulated environment needs of the functions' code. It is loaded as it is, or bundled as the
 * stack bundles the functions.
 */
export { createDispatchEvent } from '../lambdas/dispatch-event/factory.ts';
export { createSendDelivery } from '../lambdas/send-delivery/factory.ts';
export { readSettings } from '../lambdas/send-delivery/settings.ts';
export { createServeApi } from '../lambdas/serve-api/factory.ts';
export { deadlineOf } from '../lambdas/shared/runtime/deadline.ts';
export { readEnvironment } from '../lambdas/shared/runtime/environment.ts';
