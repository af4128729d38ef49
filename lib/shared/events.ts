import { type EventPattern, type IEventBusRef, Match } from 'aws-cdk-lib/aws-events';
import { Annotations, Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  DEFAULT_MAX_PATTERN_CHARACTERS,
  findPatternProblems,
  MAX_PATTERN_CHARACTERS,
} from './event-pattern.ts';
import { InputError, isRecord, toJson } from './input.ts';

/** Matches events whose detail has an account. */
const HAS_ACCOUNT: EventPattern = { detail: { account_id: Match.exists() } };

/** Converts a pattern in JSON to CDK's form: `detail-type` becomes `detailType`, all other fields are unchanged. */
export function toEventPattern(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const { 'detail-type': detailType, ...others } = pattern;
  return { ...others, ...(detailType === undefined ? {} : { detailType: detailType as string[] }) };
}

/**
 * The pattern of the rule for domain events. On the construct's own bus, all events are domain events; on a given
 * bus, those that the operator's pattern matches. The pattern excludes the construct's system events, which have a
 * separate rule. An operator's pattern that has `source` is used unchanged. Throws when the operator's pattern is not
 * valid.
 */
export function domainEventPattern(
  scope: Construct,
  options: {
    readonly systemEventSource: string;
    readonly hasOwnBus: boolean;
    readonly givenPattern?: EventPattern | undefined;
  },
): EventPattern {
  const { systemEventSource, hasOwnBus, givenPattern } = options;
  const notSystem: EventPattern = { source: Match.anythingBut(systemEventSource) };
  if (hasOwnBus) {
    if (givenPattern === undefined) return notSystem;
    throw new InputError(
      'eventPattern is given without an event bus; every event on the bus that the construct creates is delivered. Leave eventPattern out, or give the bus whose events it selects: the prop eventBus, the setting eventBusName.',
    );
  }
  if (givenPattern === undefined) return { ...notSystem, ...HAS_ACCOUNT };
  const rendered = renderPattern(scope, givenPattern);
  refuseProblems(findPatternProblems(rendered, { intrinsics: true }));
  // A field has one list of values: when the operator's pattern has `source`, its list is used.
  const pattern = selectsSource(rendered) ? givenPattern : { ...notSystem, ...givenPattern };
  checkLength(scope, pattern);
  return pattern;
}

/** The pattern as in the template: tokens are resolved, and fields have their names on the bus. */
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
    `eventPattern cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}\nA valid pattern is: { source: ['shop'] }.`,
  );
}

/** Whether the pattern has `source`, also within a `$or` list, whose fields belong to the surrounding object. */
function selectsSource(pattern: unknown): boolean {
  if (!isRecord(pattern)) return false;
  const alternatives: unknown[] = Array.isArray(pattern.$or) ? pattern.$or : [];
  return Object.hasOwn(pattern, 'source') || alternatives.some(selectsSource);
}

function checkLength(scope: Construct, pattern: EventPattern): void {
  const { length } = toJson(renderPattern(scope, pattern)) ?? '';
  if (length > MAX_PATTERN_CHARACTERS) {
    throw new InputError(
      `eventPattern has ${length} characters of JSON with the added source that excludes system events; EventBridge allows at most ${MAX_PATTERN_CHARACTERS}. Shorten it, for example with prefix or wildcard.`,
    );
  }
  if (length <= DEFAULT_MAX_PATTERN_CHARACTERS) return;
  Annotations.of(scope).addWarningV2(
    'webhook-fanout:eventPattern',
    `The event pattern has ${length} characters; an account's quota is ${DEFAULT_MAX_PATTERN_CHARACTERS} by default. Request an increase of EventBridge's quota "Event pattern size" before you deploy this, or shorten the pattern.`,
  );
}

/**
 * Throws when the given bus is known to be in another account or region. CloudFormation creates a rule for the bus of
 * the given name in the stack's own account and region. That bus does not receive the events.
 */
export function checkBusLocation(scope: Construct, bus: IEventBusRef): void {
  const { account, region } = Stack.of(scope);
  const isDifferent = (a: string, b: string): boolean =>
    Token.compareStrings(a, b) === TokenComparison.DIFFERENT;
  if (!isDifferent(bus.env.account, account) && !isDifferent(bus.env.region, region)) return;
  throw new InputError(
    `eventBus is ${bus.eventBusRef.eventBusArn}, but the stack is in account ${account} and region ${region}; the bus must be in the same account and region. Leave eventBus out, and create a rule on your bus whose target is this stack's bus.`,
  );
}
