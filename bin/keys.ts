import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../lambdas/shared/domain/ids.ts';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { type ApiKeyStore, createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { parseArguments } from '../local/options.ts';
import { runCommand } from './command.ts';
import { findTarget, requireOutput, TARGET_USAGE } from './target.ts';

const USAGE = `Creates, lists and revokes API keys.

npm run keys -- create --account <id> [--name <text>]
npm run keys -- list [--account <id>]
npm run keys -- revoke <key or key id>
${TARGET_USAGE}`;

interface Request {
  readonly store: ApiKeyStore;
  readonly accountId: AccountId | undefined;
  readonly name: string;
  readonly keyOrId: string | undefined;
}

const ACTIONS: Readonly<Record<string, (request: Request) => Promise<string>>> = { create, list, revoke };

async function keys(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      name: { type: 'string', default: '' },
      port: { type: 'string' },
      stack: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [actionName = '', keyOrId] = positionals;
  if (values.help) return USAGE;
  const action = Object.hasOwn(ACTIONS, actionName) ? ACTIONS[actionName] : undefined;
  if (action === undefined)
    throw new Error(`expected create, list or revoke, got "${actionName}"; see --help`);
  const accountId = readAccount(values.account);

  const target = await findTarget(values);
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const store = createApiKeyStore({ dynamodb, tableName: requireOutput(target, 'WebhooksTableName') });
  try {
    return await action({ store, accountId, name: values.name, keyOrId });
  } finally {
    dynamodb.destroy();
  }
}

async function create({ store, accountId, name }: Request): Promise<string> {
  if (accountId === undefined) throw new Error('say whose key it is to be: --account <id>');
  const { id, key } = await store.create(accountId, name, systemClock.now());
  return `${key}\n\nIt is shown this once; only its hash is stored. Its id is ${id}.`;
}

async function list({ store, accountId }: Request): Promise<string> {
  const found = await store.list(accountId);
  if (found.length === 0) return 'There are no keys.';
  return found
    .map(({ id, accountId: owner, createdAt, revokedAt, name }) =>
      [id, owner.padEnd(16), createdAt, revokedAt === undefined ? 'good   ' : 'revoked', name]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function revoke({ store, keyOrId }: Request): Promise<string> {
  if (keyOrId === undefined) throw new Error('say which key: npm run keys -- revoke <key or key id>');
  switch (await store.revoke(keyOrId, systemClock.now())) {
    case 'revoked':
      return 'Revoked: it is refused from now on.';
    case 'already_revoked':
      return 'It was revoked before.';
    case 'not_found':
      throw new Error('there is no such key; "npm run keys -- list" shows all');
  }
}

function readAccount(text: string | undefined): AccountId | undefined {
  const accountId = parseAccountId(text);
  if (text === undefined || accountId !== undefined) return accountId;
  throw new Error(`--account must be 1-64 characters of A-Z a-z 0-9 _ -, got "${text}"`);
}

await runCommand(keys);
