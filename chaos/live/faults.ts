import {
  AFTER_POST,
  type Fault as CloudFault,
  type FaultyCall,
  PARTIAL_CALLS,
} from '../../local/faults/fault.ts';
import type { CallEffect, Fault } from '../fault.ts';
import type { HappenedFault } from '../history.ts';

/** A fault of a scenario as the local cloud makes it. */
export interface LiveFault {
  /** Milliseconds from the start until it may happen. */
  readonly afterMs: number;
  readonly fault: CloudFault;
  /** How the history names it. */
  readonly happened: HappenedFault;
}

type CallFault = Extract<Fault, { fault: 'call' }>;
type CloudCallFault = Extract<CloudFault, { fault: 'call' }>;

/** The SDK tries three times: a function does not notice fewer failures. */
const SDK_TRIES = 3;
/** Less than the two seconds that a function waits for an answer. */
const MAX_DELAY_MS = 1_000;
const MAX_KILL_AFTER_MS = 2_000;
const MAX_OUTAGE_MS = 2_500;
const OUTAGES_WITHIN_MS = 3_000;
const THROTTLED_FOR_MS = 1_000;
/** Some time before a request is sent. */
const BEFORE_POST_MS = 3;
/** While a request is open, as the endpoints of real time answer. */
const DURING_POST_MS = 15;

const OUTAGES = {
  dynamodb: 'dynamodb:*',
  kms: 'kms:*',
  events: 'events:*',
  sqs: 'sqs:*',
} as const satisfies Record<string, FaultyCall>;

const TABLES = { webhooks: 'WebhooksTable', deliveries: 'DeliveriesTable' } as const;

/** Undefined where the local cloud has no such fault: its bus can always send. */
export function toLiveFault(fault: Fault): LiveFault | undefined {
  switch (fault.fault) {
    case 'call':
      return callFault(fault);
    case 'post':
      return postFault(fault);
    case 'kill': {
      const afterMs = Math.min(fault.afterMs, MAX_KILL_AFTER_MS);
      return atOnce(
        { fault: 'kill', function: '', afterMs, when: { from: fault.nth } },
        { kind: 'killed', at: 'any_time' },
      );
    }
    case 'down':
      return {
        afterMs: fault.from % OUTAGES_WITHIN_MS,
        fault: {
          fault: 'call',
          calls: [OUTAGES[fault.service]],
          effect: { do: 'fail' },
          when: { forMs: Math.min(fault.forMs, MAX_OUTAGE_MS) },
        },
        happened: { kind: 'call', service: fault.service, action: '*', effect: 'down' },
      };
    case 'throttle':
      return atOnce(
        { fault: 'concurrency', function: 'DispatchEvent', limit: 0, forMs: THROTTLED_FOR_MS },
        { kind: 'throttled' },
      );
    case 'message_twice': {
      const how = fault.afterMs < MAX_DELAY_MS ? 'parallel' : 'in_turn';
      return atOnce(
        { fault: 'message_twice', queue: 'FirstQueue', how, when: { from: fault.nth } },
        { kind: 'message_twice' },
      );
    }
    case 'event_twice': {
      const afterMs = Math.min(fault.afterMs, MAX_DELAY_MS);
      return atOnce({ fault: 'event_twice', afterMs, when: { from: fault.nth } }, { kind: 'event_twice' });
    }
    case 'bus_cannot_send':
      return undefined;
  }
}

function postFault({ effect, nth }: Extract<Fault, { fault: 'post' }>): LiveFault {
  const when = { from: nth };
  const kill = (afterMs: number): CloudFault => ({ fault: 'kill', function: 'SendDelivery', afterMs, when });
  switch (effect) {
    case 'kill_before':
      return atOnce(kill(BEFORE_POST_MS), { kind: 'killed', at: 'before_post' });
    case 'kill_open':
      return atOnce(kill(DURING_POST_MS), { kind: 'killed', at: 'open_post' });
    case 'kill_after':
      return atOnce(
        { fault: 'call', by: 'SendDelivery', calls: AFTER_POST, effect: { do: 'kill_before' }, when },
        { kind: 'killed', at: 'after_post' },
      );
  }
}

/** Several effects in a row become the first one, as often as it happens in a row. */
function callFault({ call, on, nth, effects, delayMs }: CallFault): LiveFault {
  const [effect] = effects;
  const others = effects.findIndex((one) => one !== effect);
  const times = others === -1 ? effects.length : others;
  const [service = '', action = ''] = call.split(':');
  const isPartial = effect === 'partial' && PARTIAL_CALLS.includes(call);
  const isRefusal = effect === 'fail' || (effect === 'partial' && !isPartial);
  const calls = isRefusal ? SDK_TRIES * times : times;
  return atOnce(
    {
      fault: 'call',
      calls: [call],
      ...(on === undefined ? {} : { on: TABLES[on] }),
      effect: isRefusal ? { do: 'fail' } : cloudEffect(effect, delayMs),
      when: { from: nth, to: effect === 'kill_before' || effect === 'kill_after' ? nth : nth + calls - 1 },
    },
    { kind: 'call', service, action, effect, ...(on === undefined ? {} : { on }) },
  );
}

function cloudEffect(effect: CallEffect, delayMs: number): CloudCallFault['effect'] {
  switch (effect) {
    case 'fail':
    case 'cut':
    case 'kill_before':
    case 'kill_after':
      return { do: effect };
    case 'partial':
      return { do: 'partial', failed: 1, of: 3 };
    case 'delay':
    case 'delay_answer':
      return { do: 'delay', ms: Math.min(delayMs, MAX_DELAY_MS) };
  }
}

function atOnce(fault: CloudFault, happened: HappenedFault): LiveFault {
  return { afterMs: 0, fault, happened };
}
