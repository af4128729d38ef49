import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';

/** What the publish command and the SDK send: details that name an account. */
const ANY_ACCOUNT: EventPattern = { detail: { account_id: Match.exists() } };

/**
 * What of the bus is a domain event: all of a bus of our own, the operator's choice of one that it brought.
 * This construct's own system events are left out: they have a rule of their own.
 */
export function domainEventPattern(of: {
  readonly systemEventSource: string;
  readonly broughtBus: boolean;
  readonly chosen?: EventPattern | undefined;
}): EventPattern {
  const { systemEventSource, broughtBus, chosen } = of;
  const notOurs = Match.anythingBut(systemEventSource);
  if (!broughtBus) {
    if (chosen === undefined) return { source: notOurs };
    throw new Error(
      'eventPattern is given without eventBus; a bus of its own delivers every event that is published to it. Leave eventPattern out, or bring the bus that it filters.',
    );
  }
  // A list of sources that the operator wrote chooses already.
  return { source: notOurs, ...(chosen ?? ANY_ACCOUNT) };
}
