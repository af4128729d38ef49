import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { withSqs } from '../shared/clients.ts';
import { requireOutput } from '../shared/target.ts';
import { plural } from '../shared/text.ts';
import { type Check, ok, problem } from './check.ts';

const EXHAUSTED_NOTE =
  'failures of customers\' endpoints; see them with "deliveries list --status exhausted"';

/** `advice` is undefined when messages on the queue are no problem of the deployment. */
function queueCheck(name: string, output: string, advice: string | undefined): Check {
  return {
    name: `${name} queue`,
    needsAws: false,
    async run({ target }) {
      const QueueUrl = requireOutput(target, output);
      const { Attributes } = await withSqs(target, (sqs) =>
        sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
        ),
      );
      const count = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
      if (count === 0) return ok('empty');
      const messages = plural(count, 'message');
      return advice === undefined ? ok(`${messages}: ${EXHAUSTED_NOTE}`) : problem(messages, advice);
    },
  };
}

export const QUEUE_CHECKS: readonly Check[] = [
  queueCheck(
    'poison',
    'PoisonQueueUrl',
    'correct the failure that the functions\' logs show, then run "redrive poison --confirm"',
  ),
  queueCheck(
    'unreadable',
    'UnreadableQueueUrl',
    'read the messages\' attribute "reason"; a sender of another project, or a defect, wrote them',
  ),
  queueCheck(
    'undispatched',
    'UndispatchedQueueUrl',
    'run "redispatch" to see the reasons; correct the publisher or the catalogue, then "redispatch --confirm"',
  ),
  queueCheck('exhausted', 'ExhaustedQueueUrl', undefined),
];
