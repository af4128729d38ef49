import type { FactOf, Role } from '../history.ts';

type Fault = FactOf<'fault'>;
type CallFault = Extract<Fault['fault'], { kind: 'call' }>;

/**
 * What one fault can do to one delivery that it affected. This table, in `docs/chaos.md`, too, is the only
 * excuse for a duplicate, a late or a missing thing.
 */
export interface Consequences {
  /**
   * A second copy of the delivery's message, or a message that comes back although its attempt was made.
   * Nothing else starts a duplicate request.
   */
  readonly secondCopy: boolean;
  /** What follows is not enqueued: the message comes back, which is a second copy where the record is lost, too. */
  readonly refused?: true;
  /** A request is made later than its schedule says. Beside a second copy it can lead to one more duplicate. */
  readonly late: boolean;
  /** An attempt is not recorded: `failed` by writes that failed, `late` by time that ran out. */
  readonly record?: 'failed' | 'late';
  /** A request is made although the delivery has ended: of a fresh copy, or after a read that is old by then. */
  readonly unread: boolean;
  /** A system event about the delivery is not published. */
  readonly systemEvent: boolean;
}

const NONE: Consequences = { secondCopy: false, late: false, unread: false, systemEvent: false };
const LATE: Consequences = { ...NONE, late: true };

/** Whether it takes time: all that waits for the call may then be too late. */
function isSlow({ effect }: CallFault): boolean {
  return effect === 'delay' || effect === 'delay_answer' || effect === 'down_slowly';
}

function isKill({ effect }: CallFault): boolean {
  return effect === 'kill_before' || effect === 'kill_after';
}

/**
 * @param tookEffect whether the faulty run made a request of this delivery or enqueued a message of it. A run
 *   that did neither leaves only the message that it received.
 */
export function consequencesOf({ fault, caller, affected }: Fault, tookEffect: boolean): Consequences {
  // In real time it is not known which deliveries a fault affected, nor what the environment had done.
  if (affected === 'any' && caller === undefined) {
    return { secondCopy: true, late: true, record: 'late', unread: true, systemEvent: true };
  }
  switch (fault.kind) {
    case 'killed':
    case 'timed_out':
      return ofDeath(caller?.role, tookEffect);
    case 'message_twice':
      return { ...NONE, secondCopy: true, unread: true };
    case 'event_twice':
    case 'published_again':
      return { ...NONE, secondCopy: true };
    case 'throttled':
    case 'bus_cannot_send':
      return LATE;
    case 'call':
      switch (caller?.role) {
        case 'sender':
          return isKill(fault) ? ofDeath('sender', tookEffect) : ofSendersCall(fault, tookEffect);
        case 'dispatch-event':
          return ofDispatchersCall(fault, tookEffect);
        case 'serve-api':
          return ofApisCall(fault);
        default:
          return ofPollersCall(fault);
      }
  }
}

/** The environment died: its message comes back, its writes and system events may be missing. */
function ofDeath(role: Role | undefined, tookEffect: boolean): Consequences {
  // The caller of the API does not repeat its request.
  const secondCopy = tookEffect && role !== 'serve-api';
  return { secondCopy, late: true, record: 'late', unread: false, systemEvent: true };
}

function ofSendersCall(fault: CallFault, tookEffect: boolean): Consequences {
  if (isSlow(fault)) {
    // After its request or its send, a run that is out of time gives the message back.
    const isBefore = READS.has(fault.action);
    return {
      secondCopy: tookEffect && !isBefore,
      late: true,
      record: 'late',
      unread: isBefore,
      systemEvent: true,
    };
  }
  switch (fault.action) {
    case 'UpdateItem':
    case 'BatchWriteItem':
      // A record is tried again in place and then given up: it delays nothing. A webhook's state after a challenge
      // is written before the record: where that fails, the message comes back.
      return fault.on === 'deliveries'
        ? { ...NONE, record: 'failed' }
        : { ...LATE, secondCopy: fault.effect !== 'cut' && tookEffect, record: 'late' };
    case 'SendMessageBatch':
      // What is enqueued without an answer is enqueued again.
      return fault.effect === 'cut'
        ? { ...LATE, secondCopy: true, systemEvent: true }
        : { ...LATE, refused: true, systemEvent: true };
    case 'PutEvents':
      return { ...NONE, systemEvent: true };
    default:
      return LATE;
  }
}

/** What a sender does before its request. */
const READS: ReadonlySet<string> = new Set(['BatchGetItem', 'GetItem', 'Decrypt', 'Query']);

/**
 * Where one call fails, or its environment dies, the whole event runs again, enqueued or not. A send that is tried
 * again or late leaves a fresh message when the one of a second run may have been delivered.
 */
function ofDispatchersCall(fault: CallFault, tookEffect: boolean): Consequences {
  return { ...LATE, secondCopy: tookEffect, unread: fault.action === 'SendMessageBatch' };
}

/** The caller of the API does not repeat its request; the function repeats a send whose answer was lost. */
function ofApisCall({ action, effect }: CallFault): Consequences {
  const isTwice = action === 'SendMessageBatch' && effect === 'cut';
  return { ...LATE, secondCopy: isTwice, unread: isTwice };
}

function ofPollersCall(fault: CallFault): Consequences {
  const isLost = fault.effect === 'cut' || fault.effect === 'kill_after';
  switch (fault.action) {
    case 'DeleteMessageBatch':
      // Where only the answer is lost, the messages are deleted.
      return isLost ? NONE : { ...LATE, secondCopy: true };
    default:
      return { ...LATE, unread: isSlow(fault) };
  }
}
