import { createDispatchEvent } from '../../lambdas/dispatch-event/factory.ts';
import type * as dispatchEvent from '../../lambdas/dispatch-event/handler.ts';
import { readSettings as readDispatchEventSettings } from '../../lambdas/dispatch-event/settings.ts';
import { createRecoverDeliveries } from '../../lambdas/recover-deliveries/factory.ts';
import type * as recoverDeliveries from '../../lambdas/recover-deliveries/handler.ts';
import { readSettings as readRecoverDeliveriesSettings } from '../../lambdas/recover-deliveries/settings.ts';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import type * as sendDelivery from '../../lambdas/send-delivery/handler.ts';
import { readSettings as readSendDeliverySettings } from '../../lambdas/send-delivery/settings.ts';
import { createServeApi } from '../../lambdas/serve-api/factory.ts';
import type * as serveApi from '../../lambdas/serve-api/handler.ts';
import { readSettings as readServeApiSettings } from '../../lambdas/serve-api/settings.ts';

/**
 * The code of the functions by service name, from source or from the deployed bundles. The handlers call AWS and are
 * not used.
 */
export interface FunctionCode {
  readonly 'dispatch-event': Omit<typeof dispatchEvent, 'handler'>;
  readonly 'recover-deliveries': Omit<typeof recoverDeliveries, 'handler'>;
  readonly 'send-delivery': Omit<typeof sendDelivery, 'handler'>;
  readonly 'serve-api': Omit<typeof serveApi, 'handler'>;
}

export const SOURCE_CODE: FunctionCode = {
  'dispatch-event': { createDispatchEvent, readSettings: readDispatchEventSettings },
  'recover-deliveries': { createRecoverDeliveries, readSettings: readRecoverDeliveriesSettings },
  'send-delivery': { createSendDelivery, readSettings: readSendDeliverySettings },
  'serve-api': { createServeApi, readSettings: readServeApiSettings },
};
