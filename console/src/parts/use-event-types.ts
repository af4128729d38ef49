import { api, bodyOf } from '../api/client.ts';
import { useQuery } from '../api/use-query.ts';

/** The catalogue of the deployment, and the service's own events. */
export const useEventTypes = () =>
  useQuery('event types', (signal) => bodyOf(api.GET('/v1/event-types', { signal })));
