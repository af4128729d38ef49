import type { DeliveryMessage } from '../domain/delivery.ts';
import { encodeMessage } from '../domain/message.ts';
import type { Timer } from './clock.ts';
import { NOT_TRIED, type QueueEntry, type Sent, type Sqs, sendAll } from './queues.ts';

/**
 * The largest size of encoded messages in memory at the same time. All messages of a large event with a thousand
 * webhooks are 256 MB, more than a function's memory, and each call needs twice the size of its messages in addition.
 */
export const MAX_WAVE_BYTES = 4 * 1024 * 1024;

/** The messages of the first run must be handled before those of a re-run are received. */
const RERUN_DELAY_SECONDS = 30;

/** A first attempt to enqueue. */
export interface FirstAttempt {
  readonly message: DeliveryMessage;
  /** Whether the webhook is marked slow. Its deliveries are enqueued on the slow lane. */
  readonly slow: boolean;
}

export interface FirstLanes {
  /**
   * Returns one result for each delivery, in their order. Never throws. After the signal aborts, no further wave is
   * sent.
   */
  enqueueFirst(attempts: readonly FirstAttempt[], signal?: AbortSignal): Promise<Sent[]>;
}

interface EncodedAttempt {
  readonly entry: QueueEntry;
  readonly slow: boolean;
}

/** The two queues that take first attempts: grouped by account on the first lane, by webhook on the slow lane. */
export function createFirstLanes(deps: {
  sqs: Sqs;
  clock: Timer;
  firstQueueUrl: string;
  slowQueueUrl: string;
}): FirstLanes {
  const sendWave = async (wave: readonly EncodedAttempt[]): Promise<Sent[]> => {
    const entriesOf = (onSlowLane: boolean): QueueEntry[] =>
      wave.filter(({ slow }) => slow === onSlowLane).map(({ entry }) => entry);
    const [first, slow] = await Promise.all([
      sendAll(deps.sqs, deps.clock, deps.firstQueueUrl, entriesOf(false)),
      sendAll(deps.sqs, deps.clock, deps.slowQueueUrl, entriesOf(true)),
    ]);
    const results = { first: first.values(), slow: slow.values() };
    return wave.map((attempt) => (attempt.slow ? results.slow : results.first).next().value ?? NOT_TRIED);
  };
  return {
    async enqueueFirst(attempts, signal) {
      const sent: Sent[] = [];
      for (const wave of inWaves(attempts)) {
        if (signal?.aborted) break;
        sent.push(...(await sendWave(wave)));
      }
      return attempts.map((_, index) => sent[index] ?? NOT_TRIED);
    },
  };
}

/** Messages are encoded only when their wave is requested. A wave has at least one message. */
function* inWaves(attempts: readonly FirstAttempt[]): Generator<EncodedAttempt[]> {
  let wave: EncodedAttempt[] = [];
  let bytes = 0;
  for (const { message, slow } of attempts) {
    const body = encodeMessage(message);
    if (wave.length > 0 && bytes + body.length > MAX_WAVE_BYTES) {
      yield wave;
      wave = [];
      bytes = 0;
    }
    const groupId = slow ? message.webhookId : message.accountId;
    const isRerun = message.rerun && message.resendOf === undefined;
    const delay = isRerun ? { delaySeconds: RERUN_DELAY_SECONDS } : {};
    wave.push({ slow, entry: { body, groupId, ...delay } });
    // The body is ASCII: one byte for each character.
    bytes += body.length;
  }
  if (wave.length > 0) yield wave;
}
