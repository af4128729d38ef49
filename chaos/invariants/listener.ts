import { accountName } from '../actions/api-client.ts';
import { EVENT_TYPES } from '../actions/user-action.ts';
import type { Evidence } from './evidence.ts';
import { isFaultFree } from './without-faults.ts';

/**
 * A listener gets only events of its account, and without faults all of them. That it changes nothing for webhooks is
 * what all other invariants state: they hold with and without it.
 */
export function* checkListener(evidence: Evidence): Generator<string> {
  const { scenario, finalState, accepted, faults } = evidence;
  const ofAccount = accepted.filter(
    ({ event }) =>
      event.detail.account_id === accountName(0) &&
      EVENT_TYPES.some((type) => type === event['detail-type']) &&
      scenario.listens,
  );
  const listened = new Set(finalState.listened.map((item) => `${item.event_type} ${item.event_id}`));
  const published = new Set(ofAccount.map(({ event }) => `${event['detail-type']} ${event.detail.id}`));
  for (const name of listened.difference(published)) {
    yield `the listener got ${name}, which was not published for its account`;
  }
  if (!isFaultFree(scenario) || faults.length > 0) return;
  for (const name of published.difference(listened)) yield `without faults, the listener did not get ${name}`;
}
