import type { PathParameterName } from '../routes.ts';
import { EXAMPLE_WEBHOOK_ID } from './examples.ts';

/** The parameters of the paths, for the OpenAPI document. In a path with several, they are in the order of this list. */
export const PATH_PARAMETERS: Readonly<
  Record<PathParameterName, { readonly description: string; readonly example: string }>
> = {
  webhook_id: {
    description: 'Id of a webhook of this account; any other is a 404.',
    example: EXAMPLE_WEBHOOK_ID,
  },
};
