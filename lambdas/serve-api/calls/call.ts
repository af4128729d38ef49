import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Ports } from '../ports.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';
import type { CheckUrl, RequestSchemas } from '../schemas/requests.ts';

/** What every call may use, besides the request. */
export interface CallDeps extends Ports {
  readonly clock: Clock;
  readonly retryDelaysSeconds: readonly number[];
  /** All that a webhook can be sent: the operator's catalogue and the system events. */
  readonly eventTypes: Catalogue;
  /** Both for the host that the request came to. */
  readonly schemas: RequestSchemas;
  readonly checkUrl: CheckUrl;
}

/** One call of the API. It throws only when our own side failed. */
export type Call = (request: ApiRequest, deps: CallDeps) => Promise<Reply>;
