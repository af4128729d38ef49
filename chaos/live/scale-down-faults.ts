import {
  type CallEffect,
  type CallEffects,
  type Fault,
  type FaultOf,
  isKill,
  PARTIAL_CALLS,
} from '../../local/faults/fault.ts';

/** The SDK tries three times: a function does not notice fewer failures. */
const SDK_TRIES = 3;
/** A returned message waits 10, 20 and 40 s: a fourth failure in a row would last longer than a run may. */
const MAX_EFFECTS = 3;
/** Less than the two seconds that a function waits for an answer. */
const MAX_DELAY_MS = 1_000;
const MAX_KILL_AFTER_MS = 2_000;
const MAX_OUTAGE_MS = 2_500;
const OUTAGES_WITHIN_MS = 3_000;
const THROTTLED_FOR_MS = 1_000;
/** From the start of a run to a time before its request is sent. */
const BEFORE_POST_MS = 3;
/** From the start of a run to a time while its request is open. */
const DURING_POST_MS = 15;

/**
 * Makes the times of a fault short enough for real time. A fault that the local cloud does not support becomes a
 * similar one that it supports; `bus_cannot_send` and `pause` are removed.
 */
export function scaleDownFault(fault: Fault): readonly Fault[] {
  switch (fault.fault) {
    case 'call':
      return [fault.when?.forMs === undefined ? scaleDownCall(fault) : scaleDownOutage(fault)];
    case 'post':
      return [scaleDownPost(fault)];
    case 'kill':
      return [{ ...fault, afterMs: Math.min(fault.afterMs, MAX_KILL_AFTER_MS) }];
    case 'throttle':
      return [{ fault: 'concurrency', function: 'DispatchEvent', limit: 0, forMs: THROTTLED_FOR_MS }];
    case 'message_twice': {
      const { second } = fault;
      if (typeof second !== 'number') return [fault];
      return [{ ...fault, second: second < MAX_DELAY_MS ? 'parallel' : 'in_turn' }];
    }
    case 'event_twice':
      return [{ ...fault, afterMs: Math.min(fault.afterMs ?? 0, MAX_DELAY_MS) }];
    case 'concurrency':
      return [fault];
    case 'bus_cannot_send':
    case 'pause':
      return [];
  }
}

function scaleDownOutage(fault: FaultOf<'call'>): Fault {
  const { afterMs = 0, forMs = 0 } = fault.when ?? {};
  return {
    ...fault,
    effects: [{ do: 'fail' }],
    when: { afterMs: afterMs % OUTAGES_WITHIN_MS, forMs: Math.min(forMs, MAX_OUTAGE_MS) },
  };
}

/** A POST is not visible to the local cloud: kill the environment at about the same time. */
function scaleDownPost({ effect, when = {} }: FaultOf<'post'>): Fault {
  switch (effect) {
    case 'kill_before':
      return { fault: 'kill', function: 'SendDelivery', afterMs: BEFORE_POST_MS, when };
    case 'kill_open':
      return { fault: 'kill', function: 'SendDelivery', afterMs: DURING_POST_MS, when };
    case 'kill_after':
      return { fault: 'post', effect, by: 'SendDelivery', when };
  }
}

function scaleDownCall(fault: FaultOf<'call'>): Fault {
  const isPartial = fault.calls.every((call) => PARTIAL_CALLS.includes(call));
  const [first, ...others] = fault.effects;
  // Each kill delays the message by the visibility timeout: one is enough.
  const effects = isKill(first) ? [first] : [first, ...others.filter((effect) => !isKill(effect))];
  const [firstScaled = first, ...scaled] = effects
    .slice(0, MAX_EFFECTS)
    .flatMap((effect) => scaleDownEffect(effect, isPartial));
  return { ...fault, effects: [firstScaled, ...scaled] satisfies CallEffects };
}

function scaleDownEffect(effect: CallEffect, isPartial: boolean): CallEffect[] {
  switch (effect.do) {
    case 'delay':
    case 'delay_answer':
      return [{ ...effect, ms: Math.min(effect.ms, MAX_DELAY_MS) }];
    case 'fail':
      return Array.from({ length: SDK_TRIES }, () => effect);
    case 'partial':
      return isPartial ? [effect] : Array.from({ length: SDK_TRIES }, () => effect);
    case 'cut':
    case 'kill_before':
    case 'kill_after':
      return [effect];
  }
}
