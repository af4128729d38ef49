import { DEFAULT_BUS } from '../../assembly/resource-types/events.ts';
import type { MetricReport } from './metric-report.ts';

/** The outcome, for one target, of an event that matched a rule. */
export type RuleOutcome = 'sent' | 'dead_letter' | 'lost';

interface RuleName {
  readonly name: string;
  readonly busName: string;
}

export interface EventsMetrics {
  /** An event matches a rule. */
  matched(rule: RuleName): void;
  /** The bus has sent an event to a target, or has made its last attempt. */
  invoked(rule: RuleName, outcome: RuleOutcome): void;
}

/** EventBridge reports only values that are not zero. */
export function createEventsMetrics(report: MetricReport): EventsMetrics {
  /** The metrics of a custom bus have the name of the bus as a dimension, too. */
  const add = ({ name: RuleName, busName: EventBusName }: RuleName, name: string): void =>
    report(
      {
        namespace: 'AWS/Events',
        name,
        dimensions: EventBusName === DEFAULT_BUS ? { RuleName } : { EventBusName, RuleName },
      },
      1,
    );

  return {
    matched(rule) {
      add(rule, 'MatchedEvents');
      add(rule, 'TriggeredRules');
    },
    invoked(rule, outcome) {
      add(rule, 'Invocations');
      if (outcome === 'sent') return;
      add(rule, 'FailedInvocations');
      add(rule, outcome === 'dead_letter' ? 'InvocationsSentToDlq' : 'InvocationsFailedToBeSentToDlq');
    },
  };
}
