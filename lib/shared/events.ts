import { type EventPattern, type IEventBusRef, Match } from 'aws-cdk-lib/aws-events';
import { Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

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

/**
 * Throws when the bus that was brought is known to be elsewhere: a rule names its bus, and would stand on the
 * bus of that name in the stack's own account and region, waiting for events that never come.
 */
export function refuseBusElsewhere(scope: Construct, bus: IEventBusRef): void {
  const { account, region } = Stack.of(scope);
  const isElsewhere = (its: string, ours: string): boolean =>
    Token.compareStrings(its, ours) === TokenComparison.DIFFERENT;
  if (!isElsewhere(bus.env.account, account) && !isElsewhere(bus.env.region, region)) return;
  throw new Error(
    `eventBus is ${bus.eventBusRef.eventBusArn}, but the stack is in account ${account} and region ${region}; the bus must be there too. Leave eventBus out, and on the bus that you have make a rule whose target is this stack's bus.`,
  );
}
