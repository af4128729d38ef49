import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { type RedispatchResult, redispatch, type UndispatchedEvent } from '../queues/undispatched.ts';
import { withSqs } from '../shared/clients.ts';
import { accountOption, wholeNumber } from '../shared/options.ts';
import { recordMoves } from '../shared/record-change.ts';
import { findTarget, requireOutput } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 1_000_000;

export function build(io: Io) {
  return stackCommand('redispatch')
    .description(
      'Lists the events of the undispatched queue, or puts them back on the events queue. Exit status 2: some could not be moved.',
    )
    .option('--confirm', 'puts the events back; without it nothing is changed')
    .option('--reason <text>', 'only events whose reason contains this text', '')
    .option('--type <name>', 'only events of this type')
    .option('--account <id>', 'only events of this account', accountOption)
    .option('--limit <n>', 'read at most this many messages', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .action(async (options) => {
      const { confirm = false, reason, type, account, limit } = options;
      const target = await findTarget(options, io);
      const move = (): Promise<RedispatchResult> =>
        withSqs(target, (sqs) =>
          redispatch({
            sqs,
            timer: systemClock,
            undispatchedQueueUrl: requireOutput(target, 'UndispatchedQueueUrl'),
            eventsQueueUrl: requireOutput(target, 'EventsQueueUrl'),
            isSelected: (event) =>
              event.reason.includes(reason) &&
              (type === undefined || event.type === type) &&
              (account === undefined || event.accountId === account),
            limit,
            confirm,
            onProgress: (count) => io.progress(`${plural(count, 'message')} read …`),
          }),
        );
      const change = { accountId: account, action: 'undispatched.redispatch' } as const;
      const result = confirm ? await recordMoves(target, change, io, move) : await move();
      io.answer(options, {
        json: toJson(result, confirm),
        text: describe(result, confirm),
        exitStatus: result.failed.length > 0 ? 2 : 0,
      });
    });
}

function toJson(
  { selected, notSelected, failed, duplicates, mayHaveMore }: RedispatchResult,
  confirm: boolean,
) {
  return {
    moved: confirm,
    events: selected.map(viewOf),
    failed: failed.map(({ message, reason }) => ({ ...viewOf(message), failure: reason })),
    not_selected: notSelected.length,
    duplicates: duplicates.length,
    may_have_more: mayHaveMore,
  };
}

function viewOf({ eventId, accountId, type, sentAt, reason }: UndispatchedEvent) {
  return {
    event_id: eventId ?? null,
    account_id: accountId ?? null,
    event_type: type ?? null,
    sent_at: sentAt,
    reason,
  };
}

function describe(
  { selected, notSelected, failed, duplicates, mayHaveMore }: RedispatchResult,
  confirm: boolean,
): string {
  const count = plural(selected.length, 'event');
  const lines = [
    ...selected.map(lineOf),
    '',
    ...countsByReason(selected),
    '',
    confirm
      ? `${count} put back on the events queue.`
      : `${count} on the undispatched queue. Nothing was changed; --confirm puts them back on the events queue.`,
    ...(notSelected.length === 0
      ? []
      : [`${plural(notSelected.length, 'event')} not selected: kept on the undispatched queue.`]),
    ...failed.map(({ message, reason }) => `Not moved: ${lineOf(message)} (${printable(reason)})`),
    ...(duplicates.length === 0
      ? []
      : [
          `${plural(duplicates.length, 'event')} kept on the undispatched queue, with the same text as a moved event: it was refused again, or the bus delivered it twice.`,
        ]),
    ...(mayHaveMore ? ['There may be more: --limit was reached.'] : []),
  ];
  return lines.join('\n').trimStart();
}

function lineOf({ eventId, accountId, type, sentAt, reason }: UndispatchedEvent): string {
  return [sentAt, eventId ?? '-', accountId ?? '-', type ?? '-', reason].map(printable).join('  ');
}

function countsByReason(events: readonly UndispatchedEvent[]): string[] {
  const rows = [...Map.groupBy(events, ({ reason }) => reason)]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([reason, group]) => [String(group.length), printable(reason)]);
  return [formatTable({ rows, words: [1] }, 'text')];
}
