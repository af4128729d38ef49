import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Ports } from '../ports.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';
import type { CheckUrl, RequestSchemas } from '../schemas/requests.ts';

/** The dependencies of the calls. */
export interface CallDeps extends Ports {
  readonly clock: Clock;
  readonly retryDelaysSeconds: readonly number[];
  /** The operator's catalogue and the system events. */
  readonly eventTypes: Catalogue;
  /** Both depend on the host of the request. */
  readonly schemas: RequestSchemas;
  readonly checkUrl: CheckUrl;
}

/** One call of the API. It throws only when our own side failed. */
export type Call = (request: ApiRequest, deps: CallDeps) => Promise<Reply>;
