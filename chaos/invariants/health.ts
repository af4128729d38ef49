import type { FactOf, Item } from '../history.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';

type Written = FactOf<'webhook_written'>;

/** The default thresholds. Not imported from the functions on purpose: those could be wrong. */
const DEFAULT_THRESHOLDS = { exhausted: 20, hours: 1 };
const HOUR_MS = 3_600_000;
/** A dispatcher reads a webhook up to this long before it signs, and the signature's time is in whole seconds. */
const SIGNING_LAG_MS = 3_000;
/** A dispatcher that keeps the list of webhooks reads their failures up to this much later. */
const KEPT_MS = 5_000;
/** A success is recorded and clears the counters within this time of its answer, unless a fault delays it. */
const CLEARED_WITHIN_MS = 2_000;

/**
 * A sender disables a webhook only with a reason. Either its endpoint answered 410, or no delivery succeeded for as
 * long as one threshold, and as many deliveries as the other threshold were exhausted. A delivery counts at most once.
 */
export function* checkHealth(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  for (const [id, states] of evidence.webhookStates) {
    const ofWebhook = chains.filter(({ webhookId, kind }) => webhookId === id && kind === 'event');
    for (const [index, state] of states.entries()) {
      if (state.by !== 'sender' || state.item === undefined) continue;
      const before = states[index - 1]?.item;
      for (const problem of checkCount(ofWebhook, state)) yield `webhook ${id}: ${problem}`;
      for (const problem of checkDisabled(evidence, ofWebhook, states.slice(0, index), state))
        yield `webhook ${id}: ${problem}`;
      if (!isCounted(before, state.item)) continue;
      for (const problem of checkDue(evidence, states.slice(index), state)) yield `webhook ${id}: ${problem}`;
    }
  }
}

function* checkCount(chains: readonly DeliveryChain[], { at, item }: Written): Generator<string> {
  const count = Number(item?.exhausted_in_row ?? 0);
  if (count === 0) return;
  const exhausted = exhaustedBy(chains, at);
  if (count > exhausted) yield `${count} exhausted deliveries are counted, and ${exhausted} were recorded`;
}

/** The deliveries of domain events that were recorded as exhausted until then. */
function exhaustedBy(chains: readonly DeliveryChain[], until: number): number {
  return chains
    .filter(({ event }) => event !== undefined && !event.type.startsWith('webhook.'))
    .flatMap(({ deliveries }) => deliveries)
    .filter(({ states }) => states.some(({ at, item }) => at <= until && item?.status === 'exhausted'))
    .length;
}

function* checkDisabled(
  evidence: Evidence,
  chains: readonly DeliveryChain[],
  earlier: readonly Written[],
  { at, item }: Written,
): Generator<string> {
  const before = earlier.at(-1)?.item;
  if (before?.status !== 'active' || item?.status !== 'disabled') return;
  if (
    typeof item.disabled_reason !== 'string' ||
    item.disabled_reason === '' ||
    item.disabled_at === undefined
  )
    yield 'a sender disabled it without a reason';
  const posts = chains
    .flatMap((chain) => chain.posts)
    .filter(({ url, endedAt }) => url === item.url && endedAt <= at);
  if (posts.some(({ answer }) => answer === 'gone')) return;
  const { exhausted, hours } = evidence.scenario.disableAfter ?? DEFAULT_THRESHOLDS;
  const since = Date.parse(String(before.failing_since));
  const count = Number(before.exhausted_in_row ?? 0);
  if (!(count >= exhausted && at - since >= hours * HOUR_MS))
    yield `it was disabled after ${count} exhausted deliveries in ${at - since} ms`;
  const failingFrom = firstCount(earlier);
  const success = posts.find((post) => isClearing(evidence, post, failingFrom, at));
  if (success !== undefined)
    yield `it was disabled, and ${success.deliveryId} had succeeded since it began to fail`;
}

/** When the first of the present failures was counted. */
function firstCount(states: readonly Written[]): number {
  const lastWithout = states.findLastIndex(({ item }) => item?.exhausted_in_row === undefined);
  return states[lastWithout + 1]?.at ?? Number.POSITIVE_INFINITY;
}

/**
 * Whether this success must have cleared the counters: it was signed after the webhook had them, and the environment
 * that read the answer had no fault.
 */
function isClearing(
  { faults, runs, scenario }: Evidence,
  post: Post,
  failingFrom: number,
  by: number,
): boolean {
  const { isSuccess, read, headers, endedAt } = post;
  if (!isSuccess || read === undefined || headers['X-Webhook-Test'] !== undefined) return false;
  const signedAt = Number(headers['X-Webhook-Timestamp']) * 1_000;
  const lagMs = SIGNING_LAG_MS + (scenario.keepListsFrom === undefined ? 0 : KEPT_MS);
  if (signedAt < failingFrom + lagMs || endedAt + CLEARED_WITHIN_MS > by) return false;
  const { run, name } = read.caller;
  if (run === undefined || runs.get(run)?.end.kind !== 'returned') return false;
  return !faults.some(({ caller }) => caller?.name === name);
}

function isCounted(before: Item | undefined, after: Item): boolean {
  return Number(after.exhausted_in_row ?? 0) > Number(before?.exhausted_in_row ?? 0);
}

/** Without faults, a webhook that reached both thresholds is disabled. */
function* checkDue(evidence: Evidence, from: readonly Written[], { at, item }: Written): Generator<string> {
  if (evidence.scenario.faults.length > 0 || evidence.faults.length > 0) return;
  const { exhausted, hours } = evidence.scenario.disableAfter ?? DEFAULT_THRESHOLDS;
  const failingMs = at - Date.parse(String(item?.failing_since));
  if (Number(item?.exhausted_in_row) < exhausted || failingMs < hours * HOUR_MS) return;
  const isHandled = from.some(
    (state) => state.item?.status !== 'active' || state.item.exhausted_in_row === undefined,
  );
  if (!isHandled) yield 'it reached both thresholds and was not disabled';
}
