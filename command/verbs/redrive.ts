import { Command } from '@commander-js/extra-typings';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import type { MoveResult } from '../queues/move-messages.ts';
import { type FailedMessage, REDRIVE_QUEUES, type RedriveQueue, redrive } from '../queues/redrive.ts';
import { withSqs } from '../shared/clients.ts';
import { accountOption, webhookOption, wholeNumber } from '../shared/options.ts';
import { recordMoves } from '../shared/record-change.ts';
import { findTarget } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 1_000_000;

const DESCRIPTIONS: Readonly<Record<RedriveQueue, string>> = {
  exhausted: 'Sends exhausted deliveries again, as new deliveries with all their attempts.',
  poison: 'Moves poison messages back to the queues from which SQS moved them.',
};

export function build(io: Io) {
  const command = new Command('redrive').description(
    'Lists the messages of the exhausted or the poison queue, or moves them back to their lanes.',
  );
  for (const queue of REDRIVE_QUEUES) command.addCommand(of(queue, io));
  return command;
}

function of(queue: RedriveQueue, io: Io) {
  return stackCommand(queue)
    .description(`${DESCRIPTIONS[queue]} Exit status 2: some could not be moved.`)
    .option('--confirm', 'moves the messages; without it nothing is changed')
    .option('--account <id>', 'only messages of this account', accountOption)
    .option('--webhook <id>', 'only messages of this webhook', webhookOption)
    .option('--limit <n>', 'read at most this many messages', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .action(async (options) => {
      const { confirm = false, account, webhook, limit } = options;
      const target = await findTarget(options, io);
      const move = (): Promise<MoveResult<FailedMessage>> =>
        withSqs(target, (sqs) =>
          redrive({
            sqs,
            timer: systemClock,
            queue,
            outputs: target.outputs,
            accountId: account,
            webhookId: webhook,
            limit,
            confirm,
            onProgress: (count) => io.progress(`${plural(count, 'message')} read …`),
          }),
        );
      const change = { accountId: account, action: `${queue}.redrive`, subject: webhook } as const;
      const result = confirm ? await recordMoves(target, change, io, move) : await move();
      io.answer(options, {
        json: {
          moved: confirm,
          messages: result.selected.map(viewOf),
          failed: result.failed.map(({ message, reason }) => ({ ...viewOf(message), failure: reason })),
          not_selected: result.notSelected.length,
          may_have_more: result.mayHaveMore,
        },
        text: describe(result, queue, confirm),
        exitStatus: result.failed.length > 0 ? 2 : 0,
      });
    });
}

function viewOf({ accountId, webhookId, deliveryId, eventType, sentAt }: FailedMessage) {
  return {
    account_id: accountId ?? null,
    webhook_id: webhookId ?? null,
    delivery_id: deliveryId ?? null,
    event_type: eventType ?? null,
    sent_at: sentAt,
  };
}

function describe(
  { selected, notSelected, failed, mayHaveMore }: MoveResult<FailedMessage>,
  queue: RedriveQueue,
  confirm: boolean,
): string {
  const count = plural(selected.length, 'message');
  return [
    ...selected.map(lineOf),
    '',
    confirm
      ? `${count} moved back.`
      : `${count} on the ${queue} queue. Nothing was changed; --confirm moves them back.`,
    ...(notSelected.length === 0
      ? []
      : [`${plural(notSelected.length, 'message')} not selected: kept on the ${queue} queue.`]),
    ...failed.map(({ message, reason }) => `Not moved: ${lineOf(message)} (${printable(reason)})`),
    ...(mayHaveMore ? ['There may be more: --limit was reached.'] : []),
  ]
    .join('\n')
    .trimStart();
}

function lineOf({ sentAt, accountId, webhookId, deliveryId, eventType }: FailedMessage): string {
  return [sentAt, accountId ?? '-', webhookId ?? '-', deliveryId ?? '-', eventType ?? '-']
    .map(printable)
    .join('  ');
}
