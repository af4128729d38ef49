import { api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { POSITION, searchOf } from './filter.ts';

export type DeliveryList = components['schemas']['DeliveryList'];
export type DeliverySummary = DeliveryList['data'][number];

/** Unfiltered, ten minutes of watching are 120 requests of about 5 read units. */
const LIVE_MS = 5_000;
/** Less than the API returns by default: a phone shows them sooner. */
const PAGE_SIZE = 20;

interface Page extends DeliveryList {
  /** A page that was reached by "Newer" is the newest one. */
  readonly isNewest: boolean;
}

/** The page of the address. The newest page is repeated while it `isLive`. */
export function usePage(
  webhookId: string,
  query: Readonly<Record<string, string | undefined>>,
  isLive: boolean,
): Query<Page> {
  const { newer, older, status, type, last, since, until } = query;
  const key = JSON.stringify([webhookId, newer, older, status, type, last, since, until]);
  const isFirst = POSITION.every((name) => query[name] === undefined);

  async function load(signal: AbortSignal): Promise<Page> {
    const search = { ...searchOf(query, Date.now()), limit: PAGE_SIZE };
    const page = await readPage(webhookId, search, signal);
    // The API does not say that nothing newer exists: its answer is the newest page then.
    const isNewest = isFirst || (newer !== undefined && (await isNewestPage(page, search, signal)));
    return { ...page, isNewest };
  }

  async function isNewestPage(page: DeliveryList, search: Search, signal: AbortSignal): Promise<boolean> {
    const { cursor: _, ...first } = search;
    const newest = await readPage(webhookId, { ...first, limit: 1 }, signal);
    return newest.data[0]?.id === page.data[0]?.id;
  }

  return useQuery(`deliveries ${key}`, load, { pollMs: isFirst && isLive ? LIVE_MS : undefined });
}

type Search = ReturnType<typeof searchOf> & { readonly limit: number };

function readPage(webhookId: string, query: Search, signal: AbortSignal): Promise<DeliveryList> {
  const params = { path: { webhook_id: webhookId }, query };
  return bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries', { params, signal }));
}
