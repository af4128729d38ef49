import { isKill } from '../../local/faults/fault.ts';
import type { FactOf, Role } from '../history.ts';

type Fault = FactOf<'fault'>;
type CallFault = Extract<Fault['fault'], { kind: 'call' }>;

/**
 * The possible consequences of one fault for one delivery that it affected. Nothing else excuses a duplicate, late or
 * missing request, record or event. `docs/chaos.md` has the same table.
 */
export interface Consequences {
  /**
   * There is a second copy of the delivery's message, or the message is redelivered although its attempt was made.
   * Nothing else causes a duplicate request.
   */
  readonly secondCopy: boolean;
  /** The follow-up is not enqueued, and the message is redelivered: a second copy if the record is lost, too. */
  readonly refused?: true;
  /** A request is made later than scheduled. With a second copy, this can cause one more duplicate. */
  readonly late: boolean;
  /** An attempt is not recorded. `failed`: the writes failed. `late`: time ran out. */
  readonly record?: 'failed' | 'late';
  /**
   * A request is made after the delivery has ended: for a copy of the message, or by a run that read the state before
   * the end.
   */
  readonly afterEnd: boolean;
  /** A system event about the delivery is not published. */
  readonly systemEvent: boolean;
}

const NONE: Consequences = { secondCopy: false, late: false, afterEnd: false, systemEvent: false };
const LATE: Consequences = { ...NONE, late: true };

/** Whether the call takes long: everything that waits for it may then be late. */
function isSlow({ effect }: CallFault): boolean {
  return (
    effect.do === 'delay' ||
    effect.do === 'delay_answer' ||
    (effect.do === 'fail' && effect.afterMs !== undefined)
  );
}

/**
 * @param tookEffect whether the faulty run made a request of this delivery or enqueued a message of it. After a run
 *   that did neither, only the received message exists.
 */
export function consequencesOf({ fault, caller, affected }: Fault, tookEffect: boolean): Consequences {
  // In real time it is unknown which deliveries a fault affected and what the environment had done.
  if (affected === 'any' && caller === undefined) {
    return { secondCopy: true, late: true, record: 'late', afterEnd: true, systemEvent: true };
  }
  switch (fault.kind) {
    case 'kill':
    case 'post':
    case 'timed_out':
      return ofKilledRun(caller?.role, tookEffect);
    case 'message_twice':
      return { ...NONE, secondCopy: true, afterEnd: true };
    case 'event_twice':
    case 'published_again':
      return { ...NONE, secondCopy: true };
    case 'pause':
    case 'throttle':
    case 'concurrency':
    case 'bus_cannot_send':
    case 'unknown_version':
      return LATE;
    case 'call':
      switch (caller?.role) {
        case 'sender':
          return isKill(fault.effect) ? ofKilledRun('sender', tookEffect) : ofSenderCall(fault, tookEffect);
        case 'dispatch-event':
          return ofDispatcherCall(fault, tookEffect);
        case 'recover-deliveries':
          // The step is made again. A repeat that was enqueued and not marked is enqueued again.
          return { ...LATE, secondCopy: tookEffect };
        case 'serve-api':
          return ofApiCall(fault);
        case 'create-portal-link':
        case 'schedule':
          return NONE;
        default:
          return ofPollerCall(fault);
      }
  }
}

/** The environment was killed: its message is redelivered, and its writes and system events may be missing. */
function ofKilledRun(role: Role | undefined, tookEffect: boolean): Consequences {
  // The caller of the API does not repeat its request.
  const secondCopy = tookEffect && role !== 'serve-api';
  return { secondCopy, late: true, record: 'late', afterEnd: false, systemEvent: true };
}

function ofSenderCall(fault: CallFault, tookEffect: boolean): Consequences {
  if (isSlow(fault)) {
    // A run that has no time left after its request or its send returns the message to the queue.
    const isBefore = READS.has(fault.action);
    return {
      secondCopy: tookEffect && !isBefore,
      late: true,
      record: 'late',
      afterEnd: isBefore,
      systemEvent: true,
    };
  }
  switch (fault.action) {
    case 'UpdateItem':
    case 'BatchWriteItem':
      // The write of a record is retried and then abandoned: it delays nothing. The state of a webhook after a
      // challenge is written before the record: if that write fails, the message is redelivered. The webhook is not
      // written when the answer to the write of the version, before it, is lost.
      if (fault.on === 'DeliveriesTable') return { ...NONE, record: 'failed' };
      return {
        ...LATE,
        secondCopy: tookEffect && (fault.effect.do !== 'cut' || fault.on === 'AccountVersion'),
        record: 'late',
      };
    case 'SendMessageBatch':
      // Messages that were enqueued without an answer are enqueued again.
      return fault.effect.do === 'cut'
        ? { ...LATE, secondCopy: true, systemEvent: true }
        : { ...LATE, refused: true, systemEvent: true };
    case 'PutEvents':
      return { ...NONE, systemEvent: true };
    default:
      return LATE;
  }
}

/** A sender's calls before its request. */
const READS: ReadonlySet<string> = new Set(['BatchGetItem', 'GetItem', 'Decrypt', 'Query']);

/**
 * If one call fails or the environment is killed, the whole event is dispatched again, whether it was enqueued or not.
 * A send that is repeated or late adds a message when an earlier one may already have been delivered.
 */
function ofDispatcherCall(fault: CallFault, tookEffect: boolean): Consequences {
  return { ...LATE, secondCopy: tookEffect, afterEnd: fault.action === 'SendMessageBatch' };
}

/** The caller of the API does not repeat its request. The function repeats a send whose answer was lost. */
function ofApiCall({ action, effect }: CallFault): Consequences {
  const isTwice = action === 'SendMessageBatch' && effect.do === 'cut';
  return { ...LATE, secondCopy: isTwice, afterEnd: isTwice };
}

function ofPollerCall(fault: CallFault): Consequences {
  const isLost = fault.effect.do === 'cut' || fault.effect.do === 'kill_after';
  switch (fault.action) {
    case 'DeleteMessageBatch':
      // If only the answer is lost, the messages are deleted.
      return isLost ? NONE : { ...LATE, secondCopy: true };
    default:
      return { ...LATE, afterEnd: isSlow(fault) };
  }
}
