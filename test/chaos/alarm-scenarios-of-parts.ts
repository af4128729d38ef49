import type { RunSetup } from '../../chaos/run-scenario.ts';
import type { Answers, Scenario } from '../../chaos/scenario.ts';
import type { CallEffects, CallName, Fault, FaultOf } from '../../local/faults/fault.ts';
import { type AlarmCase, MINUTE, outage, requests, THROTTLED, traffic } from './alarm-scenarios.ts';
import { webhook } from './scenarios.ts';

const SECOND = 1_000;

/** One webhook that gives these answers to the attempts of each delivery. */
const answering = (...answers: Answers): Pick<Scenario, 'webhooks'> => ({ webhooks: [webhook({ answers })] });

const recovery: Pick<Scenario, 'actions'> = {
  actions: [...traffic(20 * SECOND), { do: 'recover', at: 65 * SECOND, webhook: 0, status: 'both' }],
};

/** No message of a queue is received. */
const unpolled = (queue: string, minutes: number): FaultOf<'call'> => ({
  ...outage(['sqs:ReceiveMessage'], minutes * MINUTE),
  on: queue,
});

const throttled = (calls: CallName[], table: string, by: string): FaultOf<'call'> => ({
  ...outage(calls, 7 * MINUTE, THROTTLED, by),
  on: table,
});

/** Less than the alarm on errors of the API needs. */
const SELDOM = Array.from({ length: 5 }, (_, index) => ({ at: (index + 1) * 61 * SECOND }));

/** What makes each function run, seldom enough that nothing else begins. */
const WORK = {
  'dispatch-event': { name: 'DispatchEvent', run: { actions: traffic(10 * MINUTE) } },
  'send-delivery-first': { name: 'FirstLane', run: { actions: traffic(10 * MINUTE) } },
  'send-delivery-retry': {
    name: 'RetryLane',
    run: { ...answering('error', 'ok'), actions: traffic(10 * MINUTE) },
  },
  'send-delivery-slow': {
    name: 'SlowLane',
    run: { webhooks: [webhook({ markedSlow: true, answers: ['slow'] })], actions: traffic(10 * MINUTE) },
  },
  'recover-deliveries': { name: 'RecoverDeliveries', run: recovery },
  'serve-api': { name: 'ServeApi', run: { actions: requests(5 * MINUTE, 61 * SECOND) } },
  'serve-console': {
    name: 'ServeConsole',
    run: { actions: SELDOM.map(({ at }) => ({ do: 'load_console', at })) },
  },
  'create-portal-link': {
    name: 'CreatePortalLink',
    run: { actions: SELDOM.map(({ at }) => ({ do: 'create_link', at, account: 0 })) },
  },
} as const satisfies Record<string, { name: string; run: Partial<Scenario> }>;

const eachFunction = (
  makeCase: (of: string, name: string, run: Partial<Scenario>) => AlarmCase,
): AlarmCase[] => Object.entries(WORK).map(([of, { name, run }]) => makeCase(of, name, run));

/** The only message of a recovery is received every two minutes. */
const faultMinutes = (of: string): number => (of === 'recover-deliveries' ? 8 : 4);

const paused = (name: string, seconds: number, forMs: number): FaultOf<'pause'> => ({
  fault: 'pause',
  function: name,
  ms: seconds * SECOND,
  when: { afterMs: MINUTE, forMs },
});

/** API Gateway waits 30 s. The endpoint of the slow lane answers after 7 s. */
const PAUSE_SECONDS: Readonly<Record<string, number>> = {
  'serve-api': 28,
  'serve-console': 28,
  'create-portal-link': 28,
  'send-delivery-slow': 51,
};

/** A recovery of few deliveries has two runs. */
const LONG_WORK: Readonly<Record<string, Partial<Scenario>>> = {
  'recover-deliveries': {
    actions: [65 * SECOND, 5 * MINUTE, 9 * MINUTE].map((at) => ({
      ...({ do: 'recover', webhook: 0, status: 'both' } as const),
      at,
    })),
  },
};

const KILL: CallEffects[0] = { do: 'kill_before' };

/** Environments of this function end during each run. The console's makes no call at which it could end. */
const killed = (of: string, name: string): readonly Fault[] => {
  const forMs = faultMinutes(of) * MINUTE;
  if (of !== 'serve-console') return [outage(['dynamodb:*', 'sqs:SendMessageBatch'], forMs, KILL, name)];
  const kill = { fault: 'kill', function: name, afterMs: 0, when: { afterMs: MINUTE, forMs } } as const;
  return [paused(name, 1, forMs), kill];
};

/** One webhook receives system events about its own failed attempts. */
const SYSTEM_EVENTS_TO_ITSELF: Pick<Scenario, 'webhooks'> = {
  webhooks: [webhook({ answers: ['error'], events: '*,webhook.*' })],
};

export const CASES_OF_PARTS: readonly AlarmCase[] = [
  ...[2, 3].map((retry) => ({
    fault: `the queue of retry ${retry} cannot be polled for ten minutes`,
    alarms: [`late-retry-${retry}`],
    run: {
      ...answering('error', ...Array<'error'>(retry - 1).fill('error'), 'ok'),
      actions: traffic(13 * MINUTE, 30 * SECOND),
      faults: [unpolled(`Retry${retry}Queue`, 10)],
    },
  })),
  {
    fault: 'the queue of long retries cannot be polled for half an hour',
    alarms: ['late-later'],
    run: {
      ...answering('throttled', 'ok'),
      actions: traffic(3 * MINUTE, MINUTE),
      faults: [unpolled('LaterQueue', 30)],
    },
  },
  {
    fault: 'the queue of recoveries cannot be polled for half an hour',
    alarms: ['late-recoveries'],
    run: { ...recovery, faults: [{ ...unpolled('RecoveriesQueue', 30), when: { forMs: 30 * MINUTE } }] },
  },
  {
    fault: 'the bus cannot send a system event to the events queue',
    alarms: ['bus-to-undispatched-system-events', 'undispatched'],
    run: { ...SYSTEM_EVENTS_TO_ITSELF, faults: [{ fault: 'bus_cannot_send', when: { from: 2 } }] },
  },
  {
    fault: 'the bus can send an event to no queue',
    alarms: ['bus-lost-domain-events'],
    run: {
      actions: traffic(MINUTE),
      faults: [{ fault: 'bus_cannot_send', isLost: true, when: { from: 2 } }],
    },
  },
  {
    fault: 'the bus can send a system event to no queue',
    alarms: ['bus-lost-system-events'],
    run: {
      ...SYSTEM_EVENTS_TO_ITSELF,
      faults: [{ fault: 'bus_cannot_send', isLost: true, when: { from: 2 } }],
    },
  },
  ...eachFunction((of, name, run) => ({
    fault: `environments of ${of} end during their runs, for some minutes`,
    alarms: [`errors-${of}`],
    run: { ...run, faults: killed(of, name) },
  })),
  ...eachFunction((of, name, run) => ({
    fault: `Lambda refuses to run ${of} for some minutes`,
    alarms: [`throttles-${of}`],
    run: {
      ...run,
      faults: [
        { fault: 'throttle', function: name, when: { afterMs: MINUTE, forMs: faultMinutes(of) * MINUTE } },
      ],
    },
  })),
  ...eachFunction((of, name, run) => ({
    fault: `runs of ${of} last nearly as long as they may`,
    alarms: [`duration-${of}`],
    run: { ...run, ...LONG_WORK[of], faults: [paused(name, PAUSE_SECONDS[of] ?? 58, 12 * MINUTE)] },
  })),
  {
    fault: 'the entry of a verification cannot be written to the audit log',
    alarms: ['audit-lost'],
    run: {
      webhooks: [webhook({ state: 'pending' })],
      faults: [
        { ...outage(['dynamodb:PutItem'], 0, { do: 'fail' }, 'SendDelivery'), when: { forMs: MINUTE } },
      ],
    },
  },
  {
    fault: 'DynamoDB throttles reads of webhooks',
    alarms: ['table-throttled-webhooks-reads'],
    run: {
      actions: traffic(10 * MINUTE, 50 * SECOND),
      faults: [
        throttled(
          ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'],
          'WebhooksTable',
          'DispatchEvent',
        ),
      ],
    },
  },
  {
    fault: 'DynamoDB throttles the reads of retries, which read both tables in one call',
    alarms: ['table-throttled-deliveries-reads', 'table-throttled-webhooks-reads'],
    run: {
      ...answering('error', 'ok'),
      actions: traffic(10 * MINUTE, 50 * SECOND),
      faults: [throttled(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], 'DeliveriesTable', 'RetryLane')],
    },
  },
  {
    fault: 'DynamoDB throttles writes of webhooks',
    alarms: ['table-throttled-webhooks-writes'],
    run: {
      ...answering('error'),
      actions: traffic(10 * MINUTE, 50 * SECOND),
      faults: [throttled(['dynamodb:UpdateItem'], 'WebhooksTable', 'SendDelivery')],
    },
  },
];

/** Small caps, so that few runs are half of them. */
export const SMALL_CAPS = { first: 8, retry: 2, slow: 4, dispatch: 4 };

/** The cases of a stack with `SMALL_CAPS`. An event each ten seconds, whose run lasts longer. */
export const CASES_OF_CONCURRENCY: readonly AlarmCase[] = [
  {
    fault: 'a quarter of the first lane is busy for a long time',
    alarms: ['concurrency-first-isolation'],
    run: { actions: traffic(22 * MINUTE), faults: [paused('FirstLane', 25, 18 * MINUTE)] },
  },
  {
    fault: 'half of the first lane is busy',
    alarms: ['concurrency-first'],
    run: { actions: traffic(10 * MINUTE), faults: [paused('FirstLane', 45, 8 * MINUTE)] },
  },
  {
    fault: 'half of the retry lane is busy',
    alarms: ['concurrency-retry'],
    run: {
      ...answering('error', 'error', 'error', 'ok'),
      actions: traffic(10 * MINUTE),
      faults: [paused('RetryLane', 25, 8 * MINUTE)],
    },
  },
  {
    fault: 'half of the slow lane is busy',
    alarms: ['concurrency-slow'],
    run: { ...WORK['send-delivery-slow'].run, faults: [paused('SlowLane', 25, 8 * MINUTE)] },
  },
  {
    fault: 'half of the dispatchers are busy',
    alarms: ['concurrency-dispatch'],
    run: { actions: traffic(10 * MINUTE), faults: [paused('DispatchEvent', 25, 8 * MINUTE)] },
  },
];

/** The cases of a stack with a canary. Its alarm is on until the first event, which is published after five minutes. */
export const CASES_OF_CANARY: readonly AlarmCase[] = [
  {
    fault: "the bus refuses the canary's events for 20 minutes",
    alarms: ['canary-silent'],
    run: {
      actions: [],
      faults: [
        {
          ...outage(['events:PutEvents'], 0, { do: 'fail' }, 'CanarySchedule'),
          when: { afterMs: 11 * MINUTE, forMs: 20 * MINUTE },
        },
      ],
    },
  },
  {
    fault: 'events cannot be received for 20 minutes',
    alarms: ['canary-silent', 'late-events'],
    run: {
      actions: [],
      faults: [{ ...unpolled('EventsQueue', 20), when: { afterMs: 11 * MINUTE, forMs: 20 * MINUTE } }],
    },
  },
];

export const TIMES_OF_CANARY: Pick<RunSetup, 'durationMs'> & { readonly sinceMs: number } = {
  sinceMs: 10 * MINUTE,
  durationMs: 60 * MINUTE,
};
