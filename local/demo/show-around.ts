import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Cloud } from '../cloud.ts';
import { chooseTypes } from './choose-types.ts';
import { createCustomer } from './customer.ts';
import { demonstrate } from './demonstration.ts';
import { printHowTo } from './how-to.ts';
import type { Printer } from './printer.ts';
import { tellArrivals } from './tell-arrivals.ts';

export interface Tour {
  readonly cloud: Cloud;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly apiKey: string;
  readonly accountId: string;
  readonly printer: Printer;
  readonly clock: Clock;
}

/** The demonstration and what to do next. Its receiver stays as long as the process. */
export async function showAround(tour: Tour): Promise<void> {
  const { cloud, apiKey, accountId, printer } = tour;
  const events = new EventBridgeClient({
    endpoint: cloud.awsEndpoint,
    region: cloud.region,
    credentials: tour.credentials,
  });
  tellArrivals(cloud, printer);
  const customer = createCustomer(cloud.apiUrl, apiKey);
  const types = chooseTypes(await customer.listEventTypes());
  const { receiver, secret } = await demonstrate({
    customer,
    accountId,
    eventBusName: cloud.outputs.EventBusName ?? '',
    retryDelaysSeconds: retryDelays(cloud),
    events,
    types,
    printer,
    clock: tour.clock,
  });
  events.destroy();
  printHowTo({ cloud, apiKey, accountId, receiverUrl: receiver.url, secret, type: types.next, printer });
}

function retryDelays(cloud: Cloud): number[] {
  const { RETRY_DELAYS_SECONDS } = cloud.findFunction('DispatchEvent').settings.environment;
  const delays: unknown = JSON.parse(RETRY_DELAYS_SECONDS ?? '[]');
  return Array.isArray(delays) ? delays.map(Number) : [];
}
