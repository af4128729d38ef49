import type { AuditEntry } from '../../lambdas/shared/domain/audit.ts';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { accountOption, timeOption, wholeNumber } from '../shared/options.ts';
import { findTarget, requireOutput } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

const DEFAULT_SINCE = '30d';
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

const EPILOGUE = `
Operators' work that concerns no single account, such as a redrive of all messages, is listed with every account.
An outcome "unknown" means that the function or the command ended before it recorded the outcome.`;

export function build(io: Io) {
  return stackCommand('audit')
    .description('Lists who changed what in an account, newest first. Entries are kept for a year.')
    .option(
      '--account <id>',
      "the account; default: the local cloud's account, or only operators' work",
      accountOption,
    )
    .option(
      '--since <time>',
      'changes made then or later: RFC 3339, or 30m, 6h, 2d ago; default: 30d',
      timeOption,
    )
    .option('--until <time>', 'changes made before; default: now', timeOption)
    .option('--limit <n>', 'at most this many entries', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .action(async (options) => {
      const target = await findTarget(options, io);
      const accountId = options.account ?? parseAccountId(target.accountId);
      const range = {
        since: Date.parse(options.since ?? timeOption(DEFAULT_SINCE)),
        until: options.until === undefined ? systemClock.now() + 1 : Date.parse(options.until),
        limit: options.limit + 1,
      };
      const found = await withDynamoDb(target, async (dynamodb) => {
        const audit = createAuditLog({ dynamodb, tableName: requireOutput(target, 'DeliveriesTableName') });
        const list = (account: AccountId | undefined, before: number) =>
          audit.list(account, range, (count) => io.progress(`${plural(before + count, 'change')} read …`));
        const ofStack = await list(undefined, 0);
        return accountId === undefined ? ofStack : [...(await list(accountId, ofStack.length)), ...ofStack];
      });
      const entries = found.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, options.limit);
      const mayHaveMore = found.length > entries.length;
      io.answer(options, {
        json: { entries: entries.map(viewOf), may_have_more: mayHaveMore },
        text: describe(entries, mayHaveMore),
      });
    })
    .addHelpText('after', EPILOGUE);
}

function viewOf(entry: AuditEntry) {
  return {
    id: entry.id,
    at: new Date(entry.at).toISOString(),
    account_id: entry.accountId ?? null,
    action: entry.action,
    outcome: entry.outcome ?? 'unknown',
    source: entry.source,
    key_id: entry.keyId ?? null,
    actor: entry.actor ?? null,
    subject: entry.subject ?? null,
    details: entry.details ?? {},
    request_id: entry.requestId ?? null,
  };
}

function describe(entries: readonly AuditEntry[], mayHaveMore: boolean): string {
  if (entries.length === 0) return 'Nothing was changed in this time.';
  const rows = entries.map(viewOf).map(({ at, action, outcome, source, key_id, actor, subject, details }) => [
    at,
    action,
    outcome,
    source,
    key_id ?? '-',
    printable(actor || '-'),
    printable(subject ?? '-'),
    Object.entries(details)
      .map(([name, value]) => printable(`${name}=${value}`))
      .join(' '),
  ]);
  const table = formatTable({ rows, words: rows[0]?.map((_, column) => column) ?? [] }, 'text');
  return mayHaveMore ? `${table.trimEnd()}\nThere may be more: --limit was reached.` : table;
}
