import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { parseArguments } from '../local/options.ts';
import { formatTable } from '../measurement/text-table.ts';
import { runCommand, type Warn } from './command.ts';
import { findTarget, requireOutput, TARGET_USAGE } from './target.ts';
import { type RedispatchResult, redispatch, type UndispatchedEvent } from './undispatched.ts';

const USAGE = `Lists the events of the undispatched queue, or puts them back on the events queue.

npm run redispatch -- [options]
  --confirm       puts the events back; without it nothing is changed
  --reason <text> only events whose reason contains this text
  --type <name>   only events of this type
  --limit <n>     read at most this many messages; default: 1000
${TARGET_USAGE}`;

const DEFAULT_LIMIT = '1000';
/** Messages between two lines of progress. */
const PROGRESS_EVERY = 100;

async function run(args: readonly string[], warn: Warn): Promise<string> {
  const { values } = parseArguments({
    args: [...args],
    options: {
      confirm: { type: 'boolean', default: false },
      reason: { type: 'string', default: '' },
      type: { type: 'string' },
      limit: { type: 'string', default: DEFAULT_LIMIT },
      port: { type: 'string' },
      stack: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return USAGE;
  const { confirm, reason, type } = values;
  const limit = readLimit(values.limit);
  const target = await findTarget(values);
  const sqs = new SQSClient(target.clientSettings);
  try {
    const result = await redispatch({
      sqs,
      timer: systemClock,
      undispatchedQueueUrl: requireOutput(target, 'UndispatchedQueueUrl'),
      eventsQueueUrl: requireOutput(target, 'EventsQueueUrl'),
      isSelected: (event) => event.reason.includes(reason) && (type === undefined || event.type === type),
      limit,
      confirm,
      onProgress: (count) => {
        if (count % PROGRESS_EVERY === 0) warn(`${count} messages read …`);
      },
    });
    if (result.failed.length > 0) process.exitCode = 1;
    return describe(result, confirm);
  } finally {
    sqs.destroy();
  }
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new Error(`--limit must be a whole number above 0, got "${text}"`);
}

function describe(
  { selected, notSelected, failed, duplicates, mayHaveMore }: RedispatchResult,
  confirm: boolean,
): string {
  const lines = [
    ...selected.map(lineOf),
    '',
    ...countsByReason(selected),
    '',
    confirm
      ? `${count(selected)} put back on the events queue.`
      : `${count(selected)} on the undispatched queue. Nothing was changed; --confirm puts them back on the events queue.`,
    ...(notSelected.length === 0
      ? []
      : [`${count(notSelected)} not selected: kept on the undispatched queue.`]),
    ...failed.map(({ event, reason }) => `Not moved: ${lineOf(event)} (${printable(reason)})`),
    ...(duplicates.length === 0
      ? []
      : [
          `${count(duplicates)} kept on the undispatched queue, with the same text as a moved event: it was refused again, or the bus delivered it twice.`,
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

function count(events: readonly unknown[]): string {
  return `${events.length} ${events.length === 1 ? 'event' : 'events'}`;
}

/** Publishers choose these texts. Control characters would change the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

await runCommand(run);
