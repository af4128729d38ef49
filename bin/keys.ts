import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../lambdas/shared/domain/ids.ts';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { type ApiKeyStore, createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { parseArguments } from '../local/options.ts';
import { formatTable } from '../measurement/text-table.ts';
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

interface Action {
  readonly run: (request: Request) => Promise<string>;
  /** The number of arguments after the action's name, and the options besides those that choose the stack. */
  readonly takes: { readonly arguments: number; readonly options: readonly ('account' | 'name')[] };
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: { run: create, takes: { arguments: 0, options: ['account', 'name'] } },
  list: { run: list, takes: { arguments: 0, options: ['account'] } },
  revoke: { run: revoke, takes: { arguments: 1, options: [] } },
};

/** A label for people, printed at the end of a line. */
const NAME = /^\P{Cc}{0,100}$/u;

async function keys(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      name: { type: 'string' },
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
  refuseUnused(actionName, action, positionals.length - 1, values);
  const { name = '' } = values;
  if (!NAME.test(name)) throw new Error('--name must be at most 100 characters in one line');
  const accountId = readAccount(values.account);

  const target = await findTarget(values);
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const store = createApiKeyStore({ dynamodb, tableName: requireOutput(target, 'WebhooksTableName') });
  try {
    return await action.run({ store, accountId, name, keyOrId });
  } finally {
    dynamodb.destroy();
  }
}

/** Throws on an argument that the action does not use: the user expects an effect that it does not have. */
function refuseUnused(
  name: string,
  { takes }: Action,
  count: number,
  given: { readonly account?: string; readonly name?: string },
): void {
  if (count > takes.arguments) {
    throw new Error(`${name} takes ${takes.arguments} arguments, got ${count}; see --help`);
  }
  const unused = (['account', 'name'] as const).find(
    (option) => given[option] !== undefined && !takes.options.includes(option),
  );
  if (unused !== undefined) throw new Error(`${name} takes no --${unused}; see --help`);
}

async function create({ store, accountId, name }: Request): Promise<string> {
  if (accountId === undefined) throw new Error('--account <id> is missing: the account of the new key');
  const { id, key } = await store.create(accountId, name, systemClock.now());
  return `${key}\n\nThe key is shown only once: only its hash is stored. Its id is ${id}.`;
}

async function list({ store, accountId }: Request): Promise<string> {
  const found = await store.list(accountId);
  if (found.length === 0) return 'There are no keys.';
  const rows = found.map(({ id, accountId: owner, createdAt, revokedAt, name }) => [
    ...[id, owner, createdAt, revokedAt === undefined ? 'valid' : 'revoked', name],
  ]);
  return formatTable({ rows, words: [0, 1, 2, 3, 4] }, 'text');
}

async function revoke({ store, keyOrId }: Request): Promise<string> {
  if (keyOrId === undefined) throw new Error('the key is missing: npm run keys -- revoke <key or key id>');
  switch (await store.revoke(keyOrId, systemClock.now())) {
    case 'revoked':
      return 'The key is revoked: the API refuses it from now on.';
    case 'already_revoked':
      return 'The key was already revoked.';
    case 'not_found':
      throw new Error('there is no such key; "npm run keys -- list" lists all keys');
  }
}

function readAccount(text: string | undefined): AccountId | undefined {
  const accountId = parseAccountId(text);
  if (text === undefined || accountId !== undefined) return accountId;
  throw new Error(`--account must be 1-64 characters of A-Z a-z 0-9 _ -, got "${text}"`);
}

await runCommand(keys);
