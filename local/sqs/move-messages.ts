import type { Message, NewMessage } from './message.ts';
import type { Queue } from './queue.ts';

/** A move of messages off a dead-letter queue. Here it is over the moment it starts. */
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
 * Moves what is visible as new messages, with ids, receive counts and times of their own. It stops at a
 * message without a target: one that no redrive policy brought does not know where it came from.
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
