import { accountName } from '../actions/api-client.ts';
import { EVENT_TYPES } from '../actions/user-action.ts';
import type { Evidence } from './evidence.ts';
import { isFaultFree } from './without-faults.ts';

/**
 * A listener receives only events of its account, and without faults all of them. The other invariants check that it
 * does not affect webhooks: they hold with and without a listener.
 */
export function* checkListener(evidence: Evidence): Generator<string> {
  const { scenario, finalState, accepted, faults } = evidence;
  const ofAccount = accepted.filter(
    ({ event }) =>
      event.detail.account_id === accountName(0) &&
      EVENT_TYPES.some((type) => type === event['detail-type']) &&
      scenario.listens,
  );
  const received = new Set(
    finalState.listenerDeliveries.map((item) => `${item.event_type} ${item.event_id}`),
  );
  const published = new Set(ofAccount.map(({ event }) => `${event['detail-type']} ${event.detail.id}`));
  for (const name of received.difference(published)) {
    yield `the listener received ${name}, which was not published for its account`;
  }
  if (!isFaultFree(scenario) || faults.length > 0) return;
  for (const name of published.difference(received))
    yield `without faults, the listener did not receive ${name}`;
}
