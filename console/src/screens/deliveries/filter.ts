import type { DeliveryStatus } from '../../kit/status.ts';
import { parsePeriod, rangeOf } from '../../parts/period.ts';

/** The keys are the choices, in this order. A `Record`, so that a new status does not compile without an entry. */
const CHOICES: Readonly<Record<DeliveryStatus, 0>> = {
  delivered: 0,
  retrying: 0,
  exhausted: 0,
  held: 0,
  canceled: 0,
};
export const FILTER_STATUSES = Object.keys(CHOICES) as readonly DeliveryStatus[];

type Query = Readonly<Record<string, string | undefined>>;

/** The parameters of the address that hold the position. `newer` leads towards the newest page, `older` away from it. */
export const POSITION = ['newer', 'older'] as const;

/** The statuses in the address. Others than those of deliveries are ignored. */
export function statusesOf({ status = '' }: Query): DeliveryStatus[] {
  const named = status.split(',');
  return FILTER_STATUSES.filter((known) => named.includes(known));
}

export function isFiltered(query: Query): boolean {
  return statusesOf(query).length > 0 || Boolean(query.type) || parsePeriod(query).kind !== 'all';
}

/** The parameters of the API for an address of the screen. `now` is in milliseconds since 1970. */
export function searchOf(query: Query, now: number) {
  const statuses = statusesOf(query);
  const { since, until } = rangeOf(parsePeriod(query), now);
  const cursor = query.newer ?? query.older;
  return {
    ...(statuses.length > 0 && { status: statuses }),
    ...(query.type && { event_type: query.type }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(cursor && { cursor }),
  };
}
