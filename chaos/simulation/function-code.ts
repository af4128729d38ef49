import { createPortalLink } from '../../lambdas/create-portal-link/factory.ts';
import type * as portalLink from '../../lambdas/create-portal-link/handler.ts';
import { readSettings as readPortalLinkSettings } from '../../lambdas/create-portal-link/settings.ts';
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
import { createServeConsole } from '../../lambdas/serve-console/factory.ts';
import type * as serveConsole from '../../lambdas/serve-console/handler.ts';
import { readSettings as readServeConsoleSettings } from '../../lambdas/serve-console/settings.ts';
import { compress, type StaticFiles, staticFile } from '../../lambdas/serve-console/static-files.ts';

/**
 * The code of the functions by service name, from source or from the deployed bundles. The handlers call AWS and are
 * not used.
 */
export interface FunctionCode {
  readonly 'create-portal-link': Omit<typeof portalLink, 'handler'>;
  readonly 'dispatch-event': Omit<typeof dispatchEvent, 'handler'>;
  readonly 'recover-deliveries': Omit<typeof recoverDeliveries, 'handler'>;
  readonly 'send-delivery': Omit<typeof sendDelivery, 'handler'>;
  readonly 'serve-api': Omit<typeof serveApi, 'handler'>;
  readonly 'serve-console': Omit<typeof serveConsole, 'handler'>;
}

/** Instead of the console's files, which only a build makes. The function does not read their content. */
const FILES: StaticFiles = new Map([['index.html', staticFile('index.html', compress('<!doctype html>'))]]);

export const SOURCE_CODE: FunctionCode = {
  'create-portal-link': { createPortalLink, readSettings: readPortalLinkSettings },
  'dispatch-event': { createDispatchEvent, readSettings: readDispatchEventSettings },
  'recover-deliveries': { createRecoverDeliveries, readSettings: readRecoverDeliveriesSettings },
  'send-delivery': { createSendDelivery, readSettings: readSendDeliverySettings },
  'serve-api': { createServeApi, readSettings: readServeApiSettings },
  'serve-console': { createServeConsole, readSettings: readServeConsoleSettings, files: FILES },
};
