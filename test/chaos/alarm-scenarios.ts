import type { UserAction } from '../../chaos/actions/user-action.ts';
import { type CloudAccess, queueUrl } from '../../chaos/cloud-access.ts';
import { type RunSetup, runScenario } from '../../chaos/run-scenario.ts';
import type { Answer, Scenario } from '../../chaos/scenario.ts';
import { START } from '../../chaos/simulation/virtual-time.ts';
import type { CallEffects, CallName, FaultOf } from '../../local/faults/fault.ts';
import { scenario, webhook } from './scenarios.ts';

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** After the last work. Longer than CloudWatch reads back for the alarm with the longest range. */
const UNTIL_CLEAR_MS = 35 * MINUTE;

/** Alarms of messages that wait for an operator. An operator redrives or removes them, as the runbook says. */
const OPERATOR_QUEUES = { undispatched: 'Undispatched', unreadable: 'Unreadable', poison: 'Poison' } as const;

/** The alarm's name without the deployment. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * Runs a scenario. Returns the alarms that began, and those that had not ended long after the last fault. `sinceMs`: the
 * alarms that began and ended before that time of the run do not count. Default: 0.
 */
export async function alarmsOf(
  run: Partial<Scenario>,
  { sinceMs = 0, ...setup }: RunSetup & { readonly sinceMs?: number },
): Promise<{ readonly began: string[]; readonly unended: string[] }> {
  const began = new Set<string>();
  const active = new Set<string>();
  await runScenario(scenario(run), {
    ...setup,
    idleUntilEndMs: UNTIL_CLEAR_MS,
    onAlarmChange({ alarm, to, at }, cloud) {
      const name = shortName(alarm.name);
      if (to !== 'ALARM') return void active.delete(name);
      if (at - START >= sinceMs) began.add(name);
      active.add(name);
      removeMessages(cloud, name);
    },
  });
  return { began: [...began].sort(), unended: [...active] };
}

function removeMessages(cloud: CloudAccess, alarm: string): void {
  for (const [name, queue] of Object.entries(OPERATOR_QUEUES)) {
    if (name === alarm) cloud.engine.purge(queueUrl(cloud, queue));
  }
}

/** One event each `everyMs`, for all webhooks of account 0. */
export function traffic(forMs: number, everyMs = 10 * SECOND): UserAction[] {
  return Array.from({ length: Math.floor(forMs / everyMs) }, (_, event) => ({
    ...{ do: 'publish', at: (event + 1) * everyMs, account: 0, event, type: 'file.uploaded', body: 0 },
  }));
}

/** Requests to the customers' API. */
export function requests(forMs: number, everyMs: number): UserAction[] {
  return Array.from({ length: Math.floor(forMs / everyMs) }, (_, index) => ({
    ...{ do: 'narrow', at: (index + 1) * everyMs, webhook: 0 },
  }));
}

/** Every call fails or is late for a time. */
export function outage(
  calls: CallName[],
  forMs: number,
  effect: CallEffects[0] = { do: 'fail' },
  by?: string,
): FaultOf<'call'> {
  const when = { afterMs: MINUTE, forMs };
  return { fault: 'call', calls, effects: [effect], when, ...(by === undefined ? {} : { by }) };
}

export const THROTTLED: CallEffects[0] = { do: 'fail', code: 'ThrottlingException' };

export interface AlarmCase {
  readonly fault: string;
  readonly alarms: readonly string[];
  readonly run: Partial<Scenario>;
}

export const CASES: readonly AlarmCase[] = [
  {
    fault: 'DynamoDB is down for seven minutes',
    alarms: ['dependency-failed', 'returned'],
    run: { actions: traffic(9 * MINUTE, 5 * SECOND), faults: [outage(['dynamodb:*'], 7 * MINUTE)] },
  },
  {
    fault: 'KMS is down for seven minutes and no function has the data key',
    alarms: ['dependency-failed', 'returned'],
    run: {
      actions: traffic(8 * MINUTE, 5 * SECOND),
      faults: [{ ...outage(['kms:*'], 0), when: { forMs: 7 * MINUTE } }],
    },
  },
  {
    fault: 'SQS is down for ten minutes',
    alarms: ['late-events'],
    run: { actions: traffic(15 * MINUTE), faults: [outage(['sqs:*'], 10 * MINUTE)] },
  },
  {
    fault: 'the first lane cannot be polled for ten minutes',
    alarms: ['late-first'],
    run: {
      actions: traffic(13 * MINUTE),
      faults: [{ ...outage(['sqs:ReceiveMessage'], 10 * MINUTE), on: 'FirstQueue' }],
    },
  },
  {
    fault: 'the first retry queue cannot be polled for ten minutes',
    alarms: ['late-retry-1'],
    run: {
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      actions: traffic(13 * MINUTE),
      faults: [{ ...outage(['sqs:ReceiveMessage'], 10 * MINUTE), on: 'Retry1Queue' }],
    },
  },
  {
    fault: 'the slow lane cannot be polled for half an hour',
    alarms: ['late-slow'],
    run: {
      webhooks: [webhook({ markedSlow: true })],
      actions: traffic(20 * MINUTE, MINUTE),
      faults: [{ ...outage(['sqs:ReceiveMessage'], 30 * MINUTE), on: 'SlowQueue' }],
    },
  },
  {
    fault: 'the first lane cannot read the record of a late message for three days',
    alarms: ['poison'],
    run: {
      faults: [
        // A first attempt is made without a read only within 2 s.
        { ...outage(['sqs:ReceiveMessage'], 0), on: 'FirstQueue', when: { forMs: 10 * SECOND } },
        {
          ...outage(['dynamodb:*'], 72 * 60 * MINUTE, { do: 'fail' }, 'FirstLane'),
          when: { forMs: 72 * 60 * MINUTE },
        },
      ],
    },
  },
  {
    fault: 'DynamoDB throttles writes of records for ten minutes',
    alarms: ['dependency-failed', 'log-lost', 'table-throttled-deliveries-writes'],
    run: {
      actions: traffic(13 * MINUTE),
      faults: [
        {
          ...outage(['dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'], 10 * MINUTE, THROTTLED),
          on: 'DeliveriesTable',
        },
      ],
    },
  },
  {
    fault: 'the bus refuses system events',
    alarms: ['system-event-lost'],
    run: {
      webhooks: [webhook({ answers: ['error'], events: '*,webhook.*' })],
      actions: traffic(2 * MINUTE),
      faults: [outage(['events:*'], 10 * MINUTE)],
    },
  },
  {
    fault: 'the account has no concurrency left for four minutes',
    alarms: ['throttles-dispatch-event'],
    run: {
      actions: traffic(10 * MINUTE),
      faults: [{ fault: 'throttle', when: { afterMs: MINUTE, forMs: 4 * MINUTE } }],
    },
  },
  {
    fault: 'senders end while they wait for an answer, for four minutes',
    alarms: ['errors-send-delivery-first'],
    run: {
      actions: traffic(10 * MINUTE),
      faults: [{ fault: 'kill', afterMs: 0, when: { afterMs: MINUTE, forMs: 4 * MINUTE } }],
    },
  },
  {
    fault: 'dispatchers end before they send messages, for four minutes',
    alarms: ['errors-dispatch-event'],
    run: {
      actions: traffic(10 * MINUTE),
      faults: [outage(['sqs:SendMessageBatch'], 4 * MINUTE, { do: 'kill_before' }, 'DispatchEvent')],
    },
  },
  {
    fault: 'the bus cannot send an event to the events queue',
    alarms: ['bus-to-undispatched-domain-events', 'undispatched'],
    run: {
      actions: traffic(MINUTE),
      faults: [{ fault: 'bus_cannot_send', when: { from: 2 } }],
    },
  },
  {
    fault: 'a publisher sends an event that can never be dispatched',
    alarms: ['undispatched'],
    run: { actions: [...traffic(MINUTE), { do: 'publish_invalid', at: SECOND, account: 0 }] },
  },
  {
    fault: 'another program sends an unreadable message to a lane',
    alarms: ['unreadable'],
    run: { actions: [...traffic(MINUTE), { do: 'poison', at: SECOND, queue: 'first', as: 'text' }] },
  },
  {
    fault: 'the item of a webhook is damaged',
    alarms: ['webhook-unreadable'],
    run: { actions: [...traffic(2 * MINUTE), { do: 'break_item', at: 15 * SECOND, webhook: 0 }] },
  },
  {
    fault: 'DynamoDB is down while customers call the API',
    alarms: ['api-errors'],
    run: { actions: requests(6 * MINUTE, 20 * SECOND), faults: [outage(['dynamodb:*'], 3 * MINUTE)] },
  },
  {
    fault: 'DynamoDB is slow while customers call the API',
    alarms: ['api-latency'],
    run: {
      actions: requests(30 * MINUTE, 20 * SECOND),
      faults: [outage(['dynamodb:*'], 25 * MINUTE, { do: 'delay', ms: 1_500 })],
    },
  },
  {
    fault: 'most attempts fail',
    alarms: ['failing-attempts'],
    run: {
      webhooks: Array.from({ length: 6 }, () => webhook({ answers: ['unreachable'] })),
      actions: traffic(450 * SECOND),
    },
  },
];

export const HARMLESS: readonly (readonly [what: string, run: Partial<Scenario>])[] = [
  ['nothing fails', { actions: traffic(10 * MINUTE) }],
  ...(['error', 'busy', 'throttled', 'gone', 'slow', 'hang'] satisfies Answer[]).map(
    (answer) =>
      [
        `a customer's endpoint answers ${answer}`,
        { webhooks: [webhook({ answers: [answer] }), webhook()], actions: traffic(3 * MINUTE) },
      ] as const,
  ),
  [
    'SQS and the bus deliver twice',
    {
      actions: traffic(5 * MINUTE),
      faults: [
        { fault: 'message_twice', second: 100, when: { from: 5, to: 20 } },
        { fault: 'event_twice', when: { from: 3, to: 10 } },
      ],
    },
  ],
];
