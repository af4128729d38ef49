import type { Message, NewMessage } from './message.ts';
import type { Queue } from './queue.ts';

/** A completed move of messages from a dead-letter queue. In the local cloud it completes at once. */
export interface MoveTask extends MoveResult {
  readonly id: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface MoveResult {
  readonly status: 'COMPLETED' | 'FAILED';
  readonly moved: number;
  readonly toMove: number;
  readonly failureReason?: string;
}

/**
 * Moves the visible messages as new messages, with new ids, times and receive counts. It fails at a message without a
 * target: a message that was sent to the dead-letter queue directly has no source queue.
 */
export function moveVisible(deps: {
  readonly source: Queue;
  readonly targetOf: (message: Message) => Queue | undefined;
  readonly put: (target: Queue, message: NewMessage) => void;
}): MoveResult {
  const { source, targetOf, put } = deps;
  const toMove = source.counts().visible;
  for (let moved = 0; moved < toMove; moved++) {
    const message = source.takeNext();
    if (message === undefined) return { status: 'COMPLETED', moved, toMove };
    const target = targetOf(message);
    source.remove(message);
    if (target === undefined) {
      source.put({ ...message, state: 'hidden' });
      return { status: 'FAILED', moved, toMove, failureReason: 'CouldNotDetermineMessageSource' };
    }
    const { body, attributes, groupId, senderId } = message;
    put(target, { body, attributes, senderId, ...(groupId === undefined ? {} : { groupId }) });
  }
  return { status: 'COMPLETED', moved: toMove, toMove };
}
