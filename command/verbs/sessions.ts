import { Command } from '@commander-js/extra-typings';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import type { Session } from '../../lambdas/shared/domain/session.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createSessionStore, type SessionStore } from '../../lambdas/shared/store/sessions.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { accountOf } from '../shared/account.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { accountOption, sessionArgument } from '../shared/options.ts';
import { recordChange } from '../shared/record-change.ts';
import { findTarget, requireOutput, type Target, type TargetOptions } from '../shared/target.ts';
import { printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

export function build(io: Io) {
  return new Command('sessions')
    .description(
      'Lists and revokes the sessions of people in the console, and links that were not opened yet.',
    )
    .addCommand(list(io))
    .addCommand(revoke(io));
}

function list(io: Io) {
  return stackCommand('list')
    .description('Lists the sessions of an account, oldest first.')
    .option('--account <id>', 'the account; default: that of the local cloud', accountOption)
    .option('--all', 'also those that have ended in the last week')
    .action(async (options) => {
      const now = systemClock.now();
      const stored = await withSessions(options, io, (sessions, accountId) => sessions.list(accountId));
      const found = stored.filter((session) => options.all === true || stateOf(session, now) !== 'ended');
      io.answer(options, {
        json: { sessions: found.map((session) => viewOf(session, now)) },
        text: tableOf(found, now),
      });
    });
}

function revoke(io: Io) {
  return stackCommand('revoke')
    .description(
      'Revokes a session or a link: the API refuses its token and its code from the next request on.',
    )
    .argument('<session id>', 'as "sessions list" and the audit log print it', sessionArgument)
    .option('--account <id>', 'the account; default: that of the local cloud', accountOption)
    .action(async (id, options) => {
      const result = await withSessions(options, io, async (sessions, accountId, target) => {
        if ((await sessions.get(accountId, id)) === undefined) {
          throw new Error('the account has no such session; "webhook-fanout sessions list" lists them');
        }
        const change = { accountId, action: 'session.revoke', subject: id } as const;
        return recordChange(target, change, io, async () => ({
          result: await sessions.revoke(accountId, id, systemClock.now()),
        }));
      });
      const text = result === 'revoked' ? 'The session is revoked.' : 'The session was already revoked.';
      io.answer(options, { json: { result }, text });
    });
}

async function withSessions<T>(
  options: TargetOptions & { readonly account?: AccountId | undefined },
  io: Io,
  use: (sessions: SessionStore, accountId: AccountId, target: Target) => Promise<T>,
): Promise<T> {
  const target = await findTarget(options, io);
  const accountId = accountOf(options.account, target);
  const tableName = requireOutput(target, 'DeliveriesTableName');
  return withDynamoDb(target, (dynamodb) =>
    use(createSessionStore({ dynamodb, tableName }), accountId, target),
  );
}

/** `active`: it has a token that is valid, unless its API key was revoked. */
function stateOf(session: Session, now: number): 'link' | 'active' | 'ended' {
  const { tokenHash, validUntil = 0, codeValidUntil = 0, revokedAt } = session;
  if (revokedAt !== undefined) return 'ended';
  if (tokenHash === undefined) return now < codeValidUntil ? 'link' : 'ended';
  return now < validUntil ? 'active' : 'ended';
}

function viewOf(session: Session, now: number) {
  const { id, right, actor, createdAt, validUntil, codeValidUntil, revokedAt } = session;
  return {
    ...{ id, state: stateOf(session, now), right, actor },
    created_at: timeOf(createdAt),
    link_valid_until: timeOf(codeValidUntil),
    valid_until: timeOf(validUntil),
    revoked_at: timeOf(revokedAt),
  };
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

function tableOf(sessions: readonly Session[], now: number): string {
  if (sessions.length === 0) return 'There are no sessions.';
  const rows = sessions.map((session) => {
    const { id, right, actor, validUntil, codeValidUntil } = session;
    return [
      id,
      stateOf(session, now),
      right,
      `until ${timeOf(validUntil ?? codeValidUntil)}`,
      printable(actor),
    ];
  });
  return formatTable({ rows, words: [0, 1, 2, 3, 4] }, 'text');
}
