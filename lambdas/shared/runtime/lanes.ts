import type { DeliveryMessage } from '../domain/delivery.ts';
import { encodeMessage } from '../domain/message.ts';
import { type Sent, type Sqs, sendAll } from './queues.ts';

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
  const send = (attempts: readonly FirstAttempt[], slow: boolean): Promise<Sent[]> =>
    sendAll(
      deps.sqs,
      slow ? deps.slowQueueUrl : deps.firstQueueUrl,
      attempts.map(({ message }) => ({
        body: encodeMessage(message),
        groupId: slow ? message.webhookId : message.accountId,
      })),
    );
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
