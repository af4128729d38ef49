import * as z from 'zod/mini';
import type { Api } from '../../local/api-client.ts';

const CreatedListener = z.object({ id: z.string(), secret: z.string() });
export type CreatedListener = Readonly<z.infer<typeof CreatedListener>>;

/** A request as a webhook would get it. */
const ListenedDelivery = z.object({
  id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  accepted_at: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  limit_reached: z.boolean(),
});
export type ListenedDelivery = Readonly<z.infer<typeof ListenedDelivery>>;

const ListenerPage = z.object({ data: z.array(ListenedDelivery), next_cursor: z.nullable(z.string()) });

/** The API's calls of listeners. They throw as `Api` does. */
export function createListenerApi(api: Api) {
  return {
    create: async (input: { readonly events: readonly string[]; readonly secret: string | undefined }) =>
      CreatedListener.parse(await api.call('POST', '/v1/listeners', input)),
    /** The cursor of a page confirms the deliveries of that page. */
    async poll(id: string, cursor: string | undefined) {
      const query = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
      return ListenerPage.parse(await api.call('GET', `/v1/listeners/${id}/deliveries${query}`));
    },
    async end(id: string): Promise<void> {
      await api.call('DELETE', `/v1/listeners/${id}`);
    },
  };
}
