import type { Item } from '../history.ts';
import type { Delivery, DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';

const REPEATABLE: readonly unknown[] = ['held', 'exhausted'];

/** A recovery that the API accepted ends. When it is done, it has repeated all deliveries that it had to repeat. */
export function* checkRecoveries(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  const accepted = new Set(
    evidence.facts.flatMap((fact) => (fact.kind === 'acted' ? (fact.recoveryId ?? []) : [])),
  );
  for (const recovery of evidence.finalState.recoveries) {
    const { sk: id, state } = recovery;
    if (state === 'running' && accepted.has(String(id))) yield `recovery ${id} did not end`;
    if (state === 'done') yield* checkDone(chains, recovery);
  }
}

/** Every delivery that was held or exhausted when the recovery was created has been repeated. */
function* checkDone(
  chains: readonly DeliveryChain[],
  { sk: id, webhook_id: webhookId, created_at: createdAt, until, statuses }: Item,
): Generator<string> {
  const deliveries = chains
    .filter((chain) => chain.kind === 'event' && chain.webhookId === webhookId)
    .filter(({ acceptedAt }) => acceptedAt < Number(until))
    .flatMap((chain) => chain.deliveries.filter(({ isResent }) => !isResent));
  for (const { id: deliveryId, record, states } of deliveries) {
    const before = states.findLast(({ at }) => at < Number(createdAt))?.item;
    const isFound = before !== undefined && Array.isArray(statuses) && statuses.includes(before.status);
    if (!isFound || record === undefined || record.status !== before.status) continue;
    if (record.resent_as === undefined) yield `recovery ${id} is done and did not repeat ${deliveryId}`;
  }
}

/** Only held and exhausted deliveries are repeated without a customer's request. */
export function* checkRepeats(chain: DeliveryChain): Generator<string> {
  for (const { id, resendOf, isResent } of chain.deliveries) {
    const old = chain.deliveries.find((delivery) => delivery.id === resendOf);
    if (old === undefined || isResent) continue;
    const wasRepeatable = old.states.some(({ item }) => REPEATABLE.includes(item?.status));
    // The exhausted message exists, even if its record was not written.
    if (!wasRepeatable && !isExhausted(old))
      yield `${id} repeats ${old.id}, which was never held or exhausted`;
  }
}

function isExhausted({ isRedriven, exhausted }: Delivery): boolean {
  return isRedriven || exhausted.length > 0;
}
