import type { AccountId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { DispatchPorts } from './ports.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';

/**
 * How long a list is used. Slow marks and counts of failures do not raise the account's version, and take effect within
 * this time.
 */
export const MAX_LIST_AGE_MS = 5_000;
/** Webhooks of all lists that one environment keeps, about 3 KB each. */
const MAX_KEPT_WEBHOOKS = 5_000;
/** Accounts with many webhooks that one environment remembers. */
const MAX_KNOWN_ACCOUNTS = 1_000;

export interface SubscriberDeps {
  readonly ports: Pick<DispatchPorts, 'listSubscribers' | 'readVersion' | 'openSecret'>;
  readonly clock: Clock;
  /** Lists of at least this many webhooks are kept. */
  readonly keepListsFrom: number;
}

/**
 * Reads the webhooks and listeners of an account. Every change that was completed before the call, and that raises the
 * account's version, is included.
 */
export type ReadSubscribers = (accountId: AccountId) => Promise<Subscribers>;

interface KeptList {
  readonly subscribers: Subscribers;
  readonly version: number;
  /** Milliseconds since 1970, before it was read. */
  readonly readAt: number;
}

/**
 * Creates a reader for one environment. It keeps long lists, and uses one again while the account's version is the same:
 * one small read instead of all webhooks. Short lists are read each time, without the version.
 */
export function createSubscriberReader(deps: SubscriberDeps): ReadSubscribers {
  const kept = createKeptLists();
  const list = async (accountId: AccountId, readAt: number): Promise<Subscribers> =>
    createSubscribers(accountId, await deps.ports.listSubscribers(accountId), readAt, deps.ports.openSecret);
  const isLong = ({ webhooks }: Subscribers): boolean => webhooks.length >= deps.keepListsFrom;

  return async (accountId) => {
    const readAt = deps.clock.now();
    if (!kept.isKnown(accountId)) {
      const subscribers = await list(accountId, readAt);
      if (isLong(subscribers)) kept.set(accountId, undefined);
      return subscribers;
    }
    // The version is read before the list: a change that is written after this read raises the version that the next
    // batch reads.
    const { version, isSettled } = await deps.ports.readVersion(accountId, readAt);
    const known = kept.get(accountId);
    if (known?.version === version && readAt - known.readAt < MAX_LIST_AGE_MS) {
      kept.set(accountId, known);
      return known.subscribers;
    }
    const subscribers = await list(accountId, readAt);
    if (isLong(subscribers)) kept.set(accountId, isSettled ? { subscribers, version, readAt } : undefined);
    else kept.remove(accountId);
    return subscribers;
  };
}

/** The accounts with long lists, and their lists as far as they may be used again. The least recently set are removed. */
function createKeptLists() {
  const lists = new Map<AccountId, KeptList | undefined>();
  let webhooks = 0;
  const remove = (accountId: AccountId): void => {
    webhooks -= lists.get(accountId)?.subscribers.webhooks.length ?? 0;
    lists.delete(accountId);
  };
  return {
    isKnown: (accountId: AccountId): boolean => lists.has(accountId),
    get: (accountId: AccountId): KeptList | undefined => lists.get(accountId),
    remove,
    set(accountId: AccountId, list: KeptList | undefined): void {
      remove(accountId);
      lists.set(accountId, list);
      webhooks += list?.subscribers.webhooks.length ?? 0;
      for (const oldest of lists.keys()) {
        if (webhooks <= MAX_KEPT_WEBHOOKS && lists.size <= MAX_KNOWN_ACCOUNTS) return;
        remove(oldest);
      }
    },
  };
}
