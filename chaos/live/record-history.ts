import { ADMINISTRATOR, type Interceptor } from '../../local/aws-calls.ts';
import type { Cloud, CloudSettings } from '../../local/cloud.ts';
import type { Fault } from '../../local/faults/fault.ts';
import type { HappenedFault, History } from '../history.ts';
import { createLiveWriteObserver } from '../observe-calls.ts';

/** Adds the cloud's reports to the history. In real time it is unknown which deliveries a fault affected. */
export function recordHistory(history: History, faults: readonly Fault[]): Partial<CloudSettings> {
  // The cloud reports a fault that was added as a value as JSON.
  const byText = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return {
    onFaultFired(text) {
      const fault = byText.get(text);
      if (fault === undefined) throw new Error(`the scenario has no fault ${text}`);
      history.add({ kind: 'fault', fault: happenedFault(fault), affected: 'any' });
    },
    onBusEvent: (event) => history.add({ kind: 'event_accepted', event }),
    onDecision({ functionName }, { action }, allowed) {
      const text = `the role of ${functionName} refuses ${action}`;
      if (!allowed) history.add({ kind: 'problem', text, isAlarming: true });
    },
    onLogLine: (by, text) => history.add({ kind: 'logged', by, text, fields: {} }),
    // The cloud does not report whether an operator must act. The checks find a lost event.
    onProblem: (text) => history.add({ kind: 'problem', text, isAlarming: false }),
  };
}

/** Observes all writes, also those that took effect without an answer. */
export function observeWrites(cloud: Cloud, history: History): Interceptor {
  return createLiveWriteObserver(history, (TableName, Key) =>
    cloud.calls.call({
      principal: ADMINISTRATOR,
      service: 'dynamodb',
      action: 'GetItem',
      input: { TableName, Key, ConsistentRead: true },
    }),
  );
}

function happenedFault(fault: Fault): HappenedFault {
  switch (fault.fault) {
    case 'call': {
      const [service = '', action = ''] = fault.calls[0]?.split(':') ?? [];
      return { kind: 'call', service, action, effect: fault.effects[0] };
    }
    case 'post':
      return { kind: 'post', effect: fault.effect };
    default:
      return { kind: fault.fault };
  }
}
