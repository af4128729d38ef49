import { type AlarmRule, type AlarmState, evaluationRange, nextState } from './evaluate-alarm.ts';
import { compileQueries, type MetricQuery } from './metric-queries.ts';
import type { MetricStore } from './metric-store.ts';

/** An alarm of the template. */
export interface AlarmSettings extends AlarmRule {
  readonly logicalId: string;
  readonly name: string;
  readonly description: string;
  /** The metric, or the metrics and the expressions of a metric math alarm. */
  readonly queries: readonly MetricQuery[];
  /** The id of the query that is compared with the threshold. */
  readonly comparedQuery: string;
  /** Full minutes. */
  readonly periodMs: number;
  /** The ARNs of the actions when it changes to `ALARM`, and back to `OK`. They are reported, and not performed. */
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
}

/** The change of an alarm's state. */
export interface AlarmChange {
  readonly alarm: AlarmSettings;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Alarms {
  /** Evaluates every alarm with the metrics before that full minute. Returns the alarms whose state changed. */
  evaluate(at: number): AlarmChange[];
  state(name: string): AlarmState | undefined;
}

/** Every alarm begins in the state `INSUFFICIENT_DATA`. Throws if a metric or an expression is not supported. */
export function createAlarms(settings: readonly AlarmSettings[], store: MetricStore): Alarms {
  const compiled = settings.map((alarm) => ({ alarm, queries: compileQueries(alarm.queries) }));
  const states = new Map<string, AlarmState>(settings.map(({ name }) => [name, 'INSUFFICIENT_DATA']));

  return {
    evaluate(at) {
      return compiled.flatMap(({ alarm, queries }) => {
        const from = states.get(alarm.name) ?? 'INSUFFICIENT_DATA';
        const points = queries.read(alarm.comparedQuery, store, {
          end: at,
          periodMs: alarm.periodMs,
          count: evaluationRange(alarm),
        });
        const to = nextState(alarm, points, from);
        if (to === from) return [];
        states.set(alarm.name, to);
        return [{ alarm, from, to, at }];
      });
    },
    state: (name) => states.get(name),
  };
}
