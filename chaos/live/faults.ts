import {
  AFTER_POST,
  type Fault as CloudFault,
  isFaultyCall,
  PARTIAL_CALLS,
} from '../../local/faults/fault.ts';
import type { Fault } from '../scenario.ts';

/** A fault of a scenario as the local cloud makes it. */
export interface LiveFault {
  /** Milliseconds from the start until it may happen. */
  readonly afterMs: number;
  readonly fault: CloudFault;
  /** What it is called where it is weighed whether it excuses something. */
  readonly what: string;
}

/** The SDK tries three times: fewer failures than that are no news to a function. */
const SDK_TRIES = 3;
/** Less than the two seconds that a function waits for an answer. */
const MAX_DELAY_MS = 1_000;
const MAX_KILL_AFTER_MS = 2_000;
const MAX_OUTAGE_MS = 2_500;
const OUTAGES_WITHIN_MS = 3_000;
const THROTTLED_FOR_MS = 1_000;
/** Some time before a request is out. */
const BEFORE_POST_MS = 3;

/** Undefined where the local cloud has no such fault: its bus can always invoke, its counts are true, nothing freezes. */
export function toLiveFault(fault: Fault): LiveFault | undefined {
  switch (fault.fault) {
    case 'call':
      return callFault(fault);
    case 'post': {
      const when = { from: fault.nth };
      const what = `${fault.effect} at a POST`;
      return fault.effect === 'kill_before'
        ? atOnce({ fault: 'kill', function: 'SendDelivery', afterMs: BEFORE_POST_MS, when }, what)
        : atOnce(
            { fault: 'call', by: 'SendDelivery', calls: AFTER_POST, effect: { do: 'kill_before' }, when },
            what,
          );
    }
    case 'kill': {
      const afterMs = Math.min(fault.afterMs, MAX_KILL_AFTER_MS);
      return atOnce(
        { fault: 'kill', function: '', afterMs, when: { from: fault.nth } },
        'an environment is killed',
      );
    }
    case 'down':
      return {
        afterMs: fault.from % OUTAGES_WITHIN_MS,
        fault: {
          fault: 'call',
          calls: [`${fault.service}:*`],
          effect: { do: 'fail' },
          when: { forMs: Math.min(fault.forMs, MAX_OUTAGE_MS) },
        },
        what: `${fault.service} is down`,
      };
    case 'throttle':
      return atOnce(
        { fault: 'concurrency', function: 'DispatchEvent', limit: 0, forMs: THROTTLED_FOR_MS },
        'the dispatcher is throttled',
      );
    case 'copy': {
      const how = fault.afterMs < MAX_DELAY_MS ? 'parallel' : 'in_turn';
      return atOnce(
        { fault: 'message_twice', queue: 'FirstQueue', how, when: { from: fault.nth } },
        'SQS hands a message out once more',
      );
    }
    case 'bus_twice': {
      const afterMs = Math.min(fault.afterMs, MAX_DELAY_MS);
      return atOnce(
        { fault: 'event_twice', afterMs, when: { from: fault.nth } },
        'the bus delivers an event twice',
      );
    }
    case 'bus_cannot_invoke':
    case 'stale_counts':
    case 'frozen_connections_break':
      return undefined;
  }
}

function callFault({
  call,
  nth,
  times,
  effect,
  delayMs,
}: Extract<Fault, { fault: 'call' }>): LiveFault | undefined {
  const name = call.replace('.', ':');
  if (!isFaultyCall(name)) throw new Error(`the local cloud knows no call ${name}`);
  const made = (does: Extract<CloudFault, { fault: 'call' }>['effect'], to = nth): LiveFault =>
    atOnce({ fault: 'call', calls: [name], effect: does, when: { from: nth, to } }, `${effect} at ${call}`);
  switch (effect) {
    case 'refuse':
      return made({ do: 'fail' }, nth + SDK_TRIES * times - 1);
    case 'partial':
      return PARTIAL_CALLS.includes(name)
        ? made({ do: 'partial', failed: 1, of: 3 }, nth + times - 1)
        : made({ do: 'fail' }, nth + SDK_TRIES * times - 1);
    case 'cut':
      return made({ do: 'cut' }, nth + times - 1);
    case 'late':
    case 'answer_late':
      return made({ do: 'delay', ms: Math.min(delayMs, MAX_DELAY_MS) }, nth + times - 1);
    case 'kill_before':
    case 'kill_after':
      return made({ do: effect });
  }
}

function atOnce(fault: CloudFault, what: string): LiveFault {
  return { afterMs: 0, fault, what };
}
