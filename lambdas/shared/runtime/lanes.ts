import type { DeliveryMessage } from '../domain/delivery.ts';
import { encodeMessage } from '../domain/message.ts';
import { type QueueEntry, type Sent, type Sqs, sendAll } from './queues.ts';

/**
 * How much encoded text is held at once. A large event for a thousand webhooks is a quarter of a gigabyte of
 * messages, more than a function has; and a call under way holds its share twice more.
 */
const MAX_WAVE_BYTES = 4 * 1024 * 1024;

/** A first attempt on its way into the lanes. */
export interface FirstAttempt {
  readonly message: DeliveryMessage;
  /** Whether the webhook is known to answer slowly: then it never meets the quick ones. */
  readonly slow: boolean;
}

export interface FirstLanes {
  /** One answer for each delivery, in their order; never throws. */
  enqueueFirst(attempts: readonly FirstAttempt[]): Promise<Sent[]>;
}

/** The two queues that first attempts enter: grouped by account on the first lane, by webhook on the slow. */
export function createFirstLanes(deps: {
  sqs: Sqs;
  firstQueueUrl: string;
  slowQueueUrl: string;
}): FirstLanes {
  const send = async (attempts: readonly FirstAttempt[], slow: boolean): Promise<Sent[]> => {
    const sent: Sent[] = [];
    for (const wave of inWaves(attempts, slow)) {
      sent.push(...(await sendAll(deps.sqs, slow ? deps.slowQueueUrl : deps.firstQueueUrl, wave)));
    }
    return sent;
  };
  return {
    async enqueueFirst(attempts) {
      const slowOnes = attempts.filter(({ slow }) => slow);
      const quickOnes = attempts.filter(({ slow }) => !slow);
      const [quick, slow] = await Promise.all([send(quickOnes, false), send(slowOnes, true)]);
      const answers = { quick: quick.values(), slow: slow.values() };
      return attempts.map((attempt): Sent => {
        const answer = (attempt.slow ? answers.slow : answers.quick).next();
        return answer.done ? { ok: false, reason: 'not tried' } : answer.value;
      });
    },
  };
}

/** Encodes as it is asked for more: at least one message, and no more than fit into a wave. */
function* inWaves(attempts: readonly FirstAttempt[], slow: boolean): Generator<QueueEntry[]> {
  let wave: QueueEntry[] = [];
  let bytes = 0;
  for (const { message } of attempts) {
    const body = encodeMessage(message);
    if (wave.length > 0 && bytes + body.length > MAX_WAVE_BYTES) {
      yield wave;
      wave = [];
      bytes = 0;
    }
    wave.push({ body, groupId: slow ? message.webhookId : message.accountId });
    // The text is ASCII: a byte for each character.
    bytes += body.length;
  }
  if (wave.length > 0) yield wave;
}
