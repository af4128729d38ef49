import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { AwsError, type AwsService, type Json } from '../aws-calls.ts';
import type { AcceptedEvent, Bus, BusEvent, Rule } from './event.ts';
import { compilePattern, type Matcher } from './pattern.ts';
import { type EntryDependencies, readEntry, readPutEvents } from './put-events.ts';

export interface EventBridgeDependencies {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Called once for each rule that an accepted event matches. `text` is the event's JSON for the rule's targets. */
  readonly onMatched: (rule: Rule, event: BusEvent, text: string) => void;
  /** Makes an event's id. Default: a random UUID. */
  readonly newId?: () => string;
}

export interface EventBridge extends AwsService {
  addBus(bus: Bus): void;
  /** Throws if the pattern contains an unknown operator or the bus does not exist. */
  addRule(rule: Rule): void;
}

/** EventBridge with the action PutEvents. The bus `default` always exists. */
export function createEventBridge(deps: EventBridgeDependencies): EventBridge {
  const buses = new Map<string, Bus>();
  const rules: { rule: Rule; matches: Matcher }[] = [];
  const addBus = (bus: Bus): void => {
    buses.set(bus.name, bus);
  };
  addBus({ name: 'default', arn: `arn:aws:events:${deps.region}:${deps.account}:event-bus/default` });

  const entryDeps: EntryDependencies = {
    account: deps.account,
    region: deps.region,
    now: () => deps.clock.now(),
    newId: deps.newId ?? randomUUID,
    busOf: (nameOrArn) => buses.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)),
  };
  const publish = (bus: Bus, { event, text }: AcceptedEvent): void => {
    for (const { rule, matches } of rules) {
      if (rule.busName === bus.name && matches(event)) deps.onMatched(rule, event, text);
    }
  };
  const putEvents = (input: Json): Json => {
    const results = readPutEvents(input).map((entry) => readEntry(entry, entryDeps));
    for (const result of results) {
      if (result.ok) publish(result.bus, result);
    }
    return {
      FailedEntryCount: results.filter(({ ok }) => !ok).length,
      Entries: results.map((result) =>
        result.ok ? { EventId: result.event.id } : { ErrorCode: result.code, ErrorMessage: result.message },
      ),
    };
  };

  return {
    addBus,
    addRule(rule) {
      if (!buses.has(rule.busName))
        throw new Error(`rule ${rule.name}: there is no event bus ${rule.busName}`);
      rules.push({ rule, matches: compilePattern(rule.pattern) });
    },
    async call(action, input) {
      if (action === 'PutEvents') return putEvents(input);
      throw new AwsError({
        code: 'OperationDisabledException',
        message: `The local cloud's EventBridge supports PutEvents only, not ${action}.`,
      });
    },
  };
}
