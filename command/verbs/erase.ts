import { Command } from '@commander-js/extra-typings';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { type Erased, type EraseRequest, erase } from '../erase/erase.ts';
import { withDynamoDb, withSqs } from '../shared/clients.ts';
import { accountOption, eventIdOption, wholeNumber } from '../shared/options.ts';
import { recordChange } from '../shared/record-change.ts';
import { findTarget, type Target } from '../shared/target.ts';
import { plural } from '../shared/text.ts';
import { type Answer, type Io, stackCommand } from '../verb.ts';

const DEFAULT_LIMIT = 10_000;
const MAX_LIMIT = 1_000_000;

const EPILOGUE = `
Without --confirm nothing is changed. It can be run again at any time, also after it was interrupted.
Exit status 2: some messages could not be deleted, or --limit was reached.`;

/** Copies that no command can remove. docs/erasure.md has the details. */
const OTHER_COPIES = `Copies may remain elsewhere:
- on the queues that functions read: until the delivery has ended, at most 7 days (events: 14 days). Run this again then
- in backups of the tables, if point-in-time recovery is on: at most 35 days
- at the customer's endpoints, at the publisher, and in an archive or a log that you added to the event bus
The functions' logs have ids, and no payloads.
The audit log says for a year what was done, with ids. "erase account" removes the names of the account's persons and API
keys from it; the names of operators stay.`;

export function build(io: Io) {
  return new Command('erase')
    .description('Removes the payloads of one event, or all data of an account.')
    .addCommand(event(io))
    .addCommand(account(io));
}

function event(io: Io) {
  return eraseCommand('event')
    .description(
      'Removes the body of an event, its copies for listeners, the texts of the responses to it, and its messages on the queues that wait for an operator. The records of its deliveries stay, without these texts.',
    )
    .argument('<account>', 'the account', accountOption)
    .argument('<event>', 'the id of the event', eventIdOption)
    .option('--everywhere', 'reads the whole table, to find copies for deleted listeners, too')
    .action(async (accountId, eventId, options) => {
      const target = await findTarget(options, io);
      const { confirm = false, limit, everywhere = false } = options;
      const run = (): Promise<Erased> =>
        eraseFrom(target, { accountId, eventId, everywhere, confirm, limit }, io);
      const change = { accountId, action: 'event.erase', subject: eventId } as const;
      io.answer(options, describe(confirm ? await recorded(target, change, io, run) : await run(), confirm));
    });
}

function account(io: Io) {
  return eraseCommand('account')
    .description(
      'Revokes the API keys of an account, and removes its webhooks with their secrets and headers, its events, the records of its deliveries, its sessions in the console, its messages on the queues that wait for an operator, and the names of its persons and keys in the audit log.',
    )
    .argument('<account>', 'the account', accountOption)
    .action(async (accountId, options) => {
      const target = await findTarget(options, io);
      const { confirm = false, limit } = options;
      const run = (): Promise<Erased> => eraseFrom(target, { accountId, confirm, limit }, io);
      const change = { accountId, action: 'account.erase' } as const;
      io.answer(options, describe(confirm ? await recorded(target, change, io, run) : await run(), confirm));
    });
}

function eraseCommand(name: string) {
  return stackCommand(name)
    .option('--confirm', 'erases; without it nothing is changed')
    .option(
      '--limit <n>',
      'read at most this many messages of a queue',
      wholeNumber(1, MAX_LIMIT),
      DEFAULT_LIMIT,
    )
    .addHelpText('after', EPILOGUE);
}

async function eraseFrom(
  target: Target,
  request: Pick<EraseRequest, 'accountId' | 'eventId' | 'everywhere' | 'confirm' | 'limit'>,
  io: Pick<Io, 'progress'>,
): Promise<Erased> {
  const { outputs } = target;
  return withDynamoDb(target, (dynamodb) =>
    withSqs(target, (sqs) =>
      erase({ ...request, dynamodb, sqs, timer: systemClock, outputs, onProgress: io.progress }),
    ),
  );
}

function recorded(
  target: Target,
  change: Parameters<typeof recordChange>[1],
  io: Io,
  run: () => Promise<Erased>,
): Promise<Erased> {
  return recordChange(target, change, io, async () => {
    const result = await run();
    return { result, details: countsOf(result) };
  });
}

function countsOf({ items, keys, messages }: Erased): Record<string, number> {
  return {
    events: items.event,
    listener_copies: items.copy,
    records: items.record,
    settings: items.settings,
    other_items: items.other,
    audit_names: items.audit,
    api_keys: keys,
    ...Object.fromEntries(
      [...messages].map(([queue, { found }]) => [`${queue.toLowerCase()}_messages`, found]),
    ),
  };
}

function describe(erased: Erased, confirm: boolean): Answer {
  const queues = [...erased.messages];
  const failed = queues.reduce((sum, [, result]) => sum + result.failed, 0);
  const unfinished = queues
    .filter(([, { mayHaveMore }]) => mayHaveMore)
    .map(([queue]) => queue.toLowerCase());
  const counts = countsOf(erased);
  const lines = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${what.replaceAll('_', ' ')}: ${count}`);
  const text = [
    ...(lines.length === 0 ? ['Nothing was found.'] : lines),
    '',
    confirm ? 'Erased.' : 'Nothing was changed; --confirm erases this.',
    ...(failed === 0 ? [] : [`${plural(failed, 'message')} could not be deleted: run this again.`]),
    ...(unfinished.length === 0
      ? []
      : [`There may be more messages on ${unfinished.join(', ')}: --limit was reached.`]),
    '',
    OTHER_COPIES,
  ];
  return {
    json: { erased: confirm, found: counts, not_deleted: failed, queues_with_more: unfinished },
    text: text.join('\n'),
    exitStatus: failed > 0 || unfinished.length > 0 ? 2 : 0,
  };
}
