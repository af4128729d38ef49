import type { DeliveryMessage } from '../domain/delivery.ts';
import { encodeMessage } from '../domain/message.ts';
import { type QueueEntry, type Sent, type Sqs, sendAll } from './queues.ts';

/**
 * Encoded text that is held at once. A large event for a thousand webhooks is a quarter of a gigabyte of messages,
 * more than a function's memory; and a call holds its share twice more.
 */
export const MAX_WAVE_BYTES = 4 * 1024 * 1024;

/** The messages of the first run are settled before those of a re-run are received. */
const RERUN_DELAY_SECONDS = 30;

/** A first attempt that is to be enqueued. */
export interface FirstAttempt {
  readonly message: DeliveryMessage;
  /** Whether the webhook is marked slow: then it is enqueued on the slow lane. */
  readonly slow: boolean;
}

export interface FirstLanes {
  /**
   * One result for each delivery, in their order. It never throws. Once the signal aborts, no further wave is sent.
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
  firstQueueUrl: string;
  slowQueueUrl: string;
}): FirstLanes {
  const sendWave = async (wave: readonly EncodedAttempt[]): Promise<Sent[]> => {
    const entriesOf = (lane: boolean): QueueEntry[] =>
      wave.filter(({ slow }) => slow === lane).map(({ entry }) => entry);
    const [first, slow] = await Promise.all([
      sendAll(deps.sqs, deps.firstQueueUrl, entriesOf(false)),
      sendAll(deps.sqs, deps.slowQueueUrl, entriesOf(true)),
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

const NOT_TRIED: Sent = { ok: false, reason: 'not tried' };

/** Encodes when the next wave is taken. A wave has at least one message. */
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
    // The text is ASCII: one byte for each character.
    bytes += body.length;
  }
  if (wave.length > 0) yield wave;
}
