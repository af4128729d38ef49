import type { PathParameterName } from '../../routes.ts';
import {
  EXAMPLE_DELIVERY_ID,
  EXAMPLE_EVENT_ID,
  EXAMPLE_LISTENER_ID,
  EXAMPLE_RECOVERY_ID,
  EXAMPLE_WEBHOOK_ID,
} from '../../schemas/examples.ts';

/** The parameters of the paths, for the OpenAPI document. In a path with several, they are in the order of this list. */
export const PATH_PARAMETERS: Readonly<
  Record<PathParameterName, { readonly description: string; readonly example: string }>
> = {
  webhook_id: {
    description: 'Id of a webhook of this account; any other is a 404.',
    example: EXAMPLE_WEBHOOK_ID,
  },
  delivery_id: {
    description: 'Id of a delivery to this webhook; any other is a 404.',
    example: EXAMPLE_DELIVERY_ID,
  },
  event_id: {
    description: 'Id of an event of this account; any other is a 404.',
    example: EXAMPLE_EVENT_ID,
  },
  listener_id: {
    description: 'Id of a listener of this account; any other is a 404.',
    example: EXAMPLE_LISTENER_ID,
  },
  recovery_id: {
    description: 'Id of a recovery of this account; any other is a 404.',
    example: EXAMPLE_RECOVERY_ID,
  },
};
