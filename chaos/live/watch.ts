import { ADMINISTRATOR, type Interceptor } from '../../local/aws-calls.ts';
import type { Cloud, CloudSettings } from '../../local/cloud.ts';
import type { History } from '../history.ts';
import { createLiveObserver } from '../observe.ts';
import type { LiveFault } from './faults.ts';

/** Adds what the cloud reports to the history. In real time a fault may have affected any delivery. */
export function watch(history: History, faults: readonly LiveFault[]): Partial<CloudSettings> {
  const happened = new Map(faults.map(({ fault, happened }) => [JSON.stringify(fault), happened]));
  return {
    onFaultFired(words) {
      const fault = happened.get(words);
      if (fault === undefined) throw new Error(`the scenario has no fault ${words}`);
      history.add({ kind: 'fault', fault, affected: 'any' });
    },
    onBusEvent: (event) => history.add({ kind: 'event_accepted', event }),
    onDecision({ functionName }, { action }, allowed) {
      const text = `the role of ${functionName} refuses ${action}`;
      if (!allowed) history.add({ kind: 'problem', text, isAlarming: true });
    },
    onLogLine: (by, text) => history.add({ kind: 'logged', by, text, fields: {} }),
    // The cloud does not say which problems an operator must act on; a lost event is found by the checks.
    onProblem: (text) => history.add({ kind: 'problem', text, isAlarming: false }),
  };
}

/** Writes that took effect without an answer are observed, too. */
export function observeWrites(cloud: Cloud, history: History): Interceptor {
  return createLiveObserver(history, (TableName, Key) =>
    cloud.calls.call({
      principal: ADMINISTRATOR,
      service: 'dynamodb',
      action: 'GetItem',
      input: { TableName, Key, ConsistentRead: true },
    }),
  );
}
