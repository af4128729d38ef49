import { Command } from '@commander-js/extra-typings';
import { CANARY_ACCOUNT } from '../../lambdas/shared/domain/canary.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { type ApiKey, type ApiKeyStore, createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { accountOption } from '../shared/options.ts';
import { recordChange } from '../shared/record-change.ts';
import { findTarget, requireOutput, type Target, type TargetOptions } from '../shared/target.ts';
import { plural, printable } from '../shared/text.ts';
import { type Io, stackCommand } from '../verb.ts';

/** A label for people, printed at the end of a line. */
const NAME = /^\P{Cc}{0,100}$/u;

export function build(io: Io) {
  return new Command('keys')
    .description("Creates, lists and revokes API keys. A customer's key gives access to one account.")
    .addCommand(create(io))
    .addCommand(list(io))
    .addCommand(revoke(io));
}

function create(io: Io) {
  return stackCommand('create')
    .description('Creates a key and prints it. Only its hash is stored: it cannot be shown again.')
    .requiredOption('--account <id>', 'the account of the key', accountOption)
    .option('--name <text>', 'a label, at most 100 characters', '')
    .action(async (options) => {
      const { account, name } = options;
      if (account === CANARY_ACCOUNT) {
        throw new Error(`the account ${CANARY_ACCOUNT} is reserved; "canary start" needs no key`);
      }
      if (!NAME.test(name)) throw new Error('--name must be at most 100 characters in one line');
      const created = await withKeys(options, io, (keys, target) =>
        recordChange(target, { accountId: account, action: 'key.create' }, io, async () => {
          const key = await keys.create(account, name, systemClock.now());
          return { result: key, details: { key_id: key.id } };
        }),
      );
      io.answer(options, {
        json: { key: created.key, ...viewOf(created) },
        text: `${created.key}\n\nThe key is shown only once: only its hash is stored. Its id is ${created.id}.`,
      });
    });
}

function list(io: Io) {
  return stackCommand('list')
    .description('Lists the keys, oldest first.')
    .option('--account <id>', 'only the keys of this account', accountOption)
    .option('--all', 'also the keys that this command made for itself, which expire')
    .action(async (options) => {
      const stored = await withKeys(options, io, (keys) => keys.list(options.account));
      const found = stored.filter(({ validUntil }) => options.all === true || validUntil === undefined);
      io.answer(options, { json: { keys: found.map(viewOf) }, text: tableOf(found) });
    });
}

function revoke(io: Io) {
  return stackCommand('revoke')
    .description('Revokes a key: the API refuses it from the next request on.')
    .argument('<key or key id>', 'the key, or its id as "keys list" prints it')
    .action(async (keyOrId, options) => {
      const result = await withKeys(options, io, async (keys, target) => {
        const key = await keys.get(keyOrId);
        if (key === undefined) {
          throw new Error('there is no such key; "webhook-fanout keys list" lists all keys');
        }
        if (key.revokedAt !== undefined) return 'already_revoked';
        const change = { accountId: key.accountId, action: 'key.revoke', subject: key.id } as const;
        return recordChange(target, change, io, async () => ({
          result: await keys.revoke(keyOrId, systemClock.now()),
        }));
      });
      const text =
        result === 'revoked'
          ? 'The key is revoked: the API refuses it from now on.'
          : 'The key was already revoked.';
      io.answer(options, { json: { result }, text });
    });
}

async function withKeys<T>(
  options: TargetOptions,
  io: Io,
  use: (keys: ApiKeyStore, target: Target) => Promise<T>,
): Promise<T> {
  const target = await findTarget(options, io);
  const tableName = requireOutput(target, 'WebhooksTableName');
  const onScanned = (items: number): void => io.progress(`${plural(items, 'item')} read …`);
  return withDynamoDb(target, (dynamodb) =>
    use(createApiKeyStore({ dynamodb, tableName }, onScanned), target),
  );
}

function viewOf({ id, accountId, name, createdAt, revokedAt, validUntil }: ApiKey) {
  return {
    id,
    account_id: accountId,
    name,
    created_at: createdAt,
    revoked_at: revokedAt ?? null,
    valid_until: validUntil ?? null,
  };
}

function tableOf(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return 'There are no keys.';
  const rows = keys.map(({ id, accountId, createdAt, revokedAt, validUntil, name }) => {
    const expires = validUntil === undefined ? 'valid' : `until ${validUntil}`;
    return [id, accountId, createdAt, revokedAt === undefined ? expires : 'revoked', printable(name)];
  });
  return formatTable({ rows, words: [0, 1, 2, 3, 4] }, 'text');
}
