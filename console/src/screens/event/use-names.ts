import { useEffect, useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import type { Webhook } from '../../parts/webhook.tsx';

type Webhooks = ReadonlyMap<string, Webhook>;

/** Reads pages of webhooks until these are known. An account has at most 1,000, ten pages. Deleted ones are not found. */
export function useWebhooks(ids: readonly string[]): Webhooks {
  const [known, setKnown] = useState<Webhooks>(new Map());
  const sortedIds = ids.toSorted().join(' ');
  const read = useQuery(`webhooks of ${sortedIds}`, async (signal) => {
    const found = new Map<string, Webhook>();
    let cursor: string | undefined;
    do {
      if (ids.every((id) => found.has(id))) return found;
      const query = { limit: 100, ...(cursor !== undefined && { cursor }) };
      const page = await bodyOf(api.GET('/v1/webhooks', { params: { query }, signal }));
      for (const webhook of page.data) found.set(webhook.id, webhook);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  });
  // The names stay while a change of the event's webhooks is read.
  useEffect(() => {
    if (read.data) setKnown(read.data);
  }, [read.data]);
  return known;
}
