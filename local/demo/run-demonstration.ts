import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Cloud } from '../cloud.ts';
import { chooseTypes } from './choose-types.ts';
import { consoleLink } from './console-link.ts';
import { createCustomer } from './customer.ts';
import { deliverExamples } from './demonstration.ts';
import { printHowTo } from './how-to.ts';
import type { Printer } from './printer.ts';
import { reportArrivals } from './report-arrivals.ts';

export interface DemonstrationSettings {
  readonly cloud: Cloud;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly apiKey: string;
  readonly accountId: string;
  readonly printer: Printer;
  readonly clock: Clock;
  /** Limit for each step of the demonstration. */
  readonly stepDeadlineMs?: number;
}

/**
 * Runs the demonstration, and then prints commands that the user can try. Its receiver listens until the process ends.
 */
export async function runDemonstration(settings: DemonstrationSettings): Promise<void> {
  const { cloud, apiKey, accountId, printer } = settings;
  const events = new EventBridgeClient({
    endpoint: cloud.awsEndpoint,
    region: cloud.region,
    credentials: settings.credentials,
  });
  reportArrivals(cloud, printer);
  const customer = createCustomer(cloud.apiUrl, apiKey);
  const types = chooseTypes(await customer.listEventTypes());
  const { receiver, secret } = await deliverExamples({
    customer,
    accountId,
    eventBusName: cloud.outputs.EventBusName ?? '',
    retryDelaysSeconds: retryDelays(cloud),
    events,
    types,
    printer,
    clock: settings.clock,
    ...(settings.stepDeadlineMs === undefined ? {} : { stepDeadlineMs: settings.stepDeadlineMs }),
  });
  events.destroy();
  const link = await consoleLink(cloud, accountId);
  printHowTo({
    ...{ cloud, apiKey, accountId, secret, printer },
    receiverUrl: receiver.url,
    type: types.next,
    ...(link === undefined ? {} : { consoleLink: link }),
  });
}

function retryDelays(cloud: Cloud): number[] {
  const { RETRY_DELAYS_SECONDS } = cloud.findFunction('DispatchEvent').settings.environment;
  const delays: unknown = JSON.parse(RETRY_DELAYS_SECONDS ?? '[]');
  return Array.isArray(delays) ? delays.map(Number) : [];
}
