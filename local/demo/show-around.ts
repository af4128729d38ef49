import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Catalogue } from '../../lambdas/shared/domain/catalogue.ts';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Cloud } from '../cloud.ts';
import { demonstrate } from './demonstration.ts';
import { printHowTo } from './how-to.ts';
import type { Printer } from './printer.ts';

export interface Tour {
  readonly cloud: Cloud;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly apiKey: string;
  readonly accountId: string;
  readonly catalogue: Catalogue;
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
  const { receiver, secret } = await demonstrate({
    apiUrl: cloud.apiUrl,
    apiKey,
    accountId,
    eventBusName: cloud.outputs.EventBusName ?? '',
    retryDelaysSeconds: retryDelays(cloud),
    events,
    catalogue: tour.catalogue,
    printer,
    clock: tour.clock,
  });
  events.destroy();
  printHowTo({ cloud, apiKey, accountId, receiverUrl: receiver.url, secret, printer });
}

function retryDelays(cloud: Cloud): number[] {
  const { RETRY_DELAYS_SECONDS } = cloud.findFunction('DispatchEvent').settings.environment;
  const delays: unknown = JSON.parse(RETRY_DELAYS_SECONDS ?? '[]');
  return Array.isArray(delays) ? delays.map(Number) : [];
}
