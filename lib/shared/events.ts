import { type EventPattern, type IEventBusRef, Match } from 'aws-cdk-lib/aws-events';
import { Annotations, Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  DEFAULT_MAX_PATTERN_CHARACTERS,
  findPatternProblems,
  MAX_PATTERN_CHARACTERS,
} from './event-pattern.ts';
import { InputError, isRecord, toJson } from './input.ts';

/** What the publish command and the SDK send: details that name an account. */
const ANY_ACCOUNT: EventPattern = { detail: { account_id: Match.exists() } };

/** CDK's form of a pattern: its field `detailType` becomes `detail-type`, all others stay. */
export function toEventPattern(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const { 'detail-type': detailType, ...others } = pattern;
  return { ...others, ...(detailType === undefined ? {} : { detailType: detailType as string[] }) };
}

/**
 * Which events of the bus are domain events: all of the construct's own bus, or those that the operator's pattern
 * matches on a bus that was given. This construct's system events are left out: they have their own rule.
 */
export function domainEventPattern(
  scope: Construct,
  of: {
    readonly systemEventSource: string;
    readonly hasOwnBus: boolean;
    readonly chosen?: EventPattern | undefined;
  },
): EventPattern {
  const { systemEventSource, hasOwnBus, chosen } = of;
  const notSystem: EventPattern = { source: Match.anythingBut(systemEventSource) };
  if (hasOwnBus) {
    if (chosen === undefined) return notSystem;
    throw new InputError(
      'eventPattern is given without an event bus; every event on the bus that the construct creates is delivered. Leave eventPattern out, or name the bus that it filters: the prop eventBus, the setting eventBusName.',
    );
  }
  if (chosen === undefined) return { ...notSystem, ...ANY_ACCOUNT };
  const rendered = renderPattern(scope, chosen);
  refuseProblems(findPatternProblems(rendered, { intrinsics: true }));
  // EventBridge takes one list for a field: the operator's, where the pattern has one.
  const pattern = asksForSource(rendered) ? chosen : { ...notSystem, ...chosen };
  checkLength(scope, pattern);
  return pattern;
}

/** As the template will have it: tokens resolved, and fields under their names on the bus. */
function renderPattern(scope: Construct, pattern: EventPattern): unknown {
  const resolved: unknown = Stack.of(scope).resolve(pattern);
  if (!isRecord(resolved) || !Object.hasOwn(resolved, 'detailType')) return resolved;
  const { detailType, ...others } = resolved;
  if (!Object.hasOwn(others, 'detail-type')) return { ...others, 'detail-type': detailType };
  throw new InputError(
    'eventPattern has both detailType and detail-type; they are the same field. Keep one.',
  );
}

function refuseProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new InputError(
    `eventPattern cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}\nA pattern that can: { source: ['shop'] }.`,
  );
}

/** Also within the lists of `$or`, whose fields belong to the object around them. */
function asksForSource(pattern: unknown): boolean {
  if (!isRecord(pattern)) return false;
  const alternatives: unknown[] = Array.isArray(pattern.$or) ? pattern.$or : [];
  return Object.hasOwn(pattern, 'source') || alternatives.some(asksForSource);
}

function checkLength(scope: Construct, pattern: EventPattern): void {
  const { length } = toJson(renderPattern(scope, pattern)) ?? '';
  if (length > MAX_PATTERN_CHARACTERS) {
    throw new InputError(
      `eventPattern has ${length} characters of JSON with the source that leaves system events out; EventBridge takes at most ${MAX_PATTERN_CHARACTERS}. Shorten it, for example with prefix or wildcard.`,
    );
  }
  if (length <= DEFAULT_MAX_PATTERN_CHARACTERS) return;
  Annotations.of(scope).addWarningV2(
    'webhook-fanout:eventPattern',
    `The event pattern has ${length} characters; an account's quota is ${DEFAULT_MAX_PATTERN_CHARACTERS} by default. Raise EventBridge's quota "Event pattern size" before you deploy this, or shorten the pattern.`,
  );
}

/**
 * Throws when the bus that was given is known to be in another account or region: a rule names its bus, and would
 * be created for the bus of that name in the stack's own account and region, which receives none of the events.
 */
export function refuseBusElsewhere(scope: Construct, bus: IEventBusRef): void {
  const { account, region } = Stack.of(scope);
  const isElsewhere = (its: string, ours: string): boolean =>
    Token.compareStrings(its, ours) === TokenComparison.DIFFERENT;
  if (!isElsewhere(bus.env.account, account) && !isElsewhere(bus.env.region, region)) return;
  throw new InputError(
    `eventBus is ${bus.eventBusRef.eventBusArn}, but the stack is in account ${account} and region ${region}; the bus must be there too. Leave eventBus out, and on the bus that you have make a rule whose target is this stack's bus.`,
  );
}
