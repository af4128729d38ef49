import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { createDataKeys, type DataKeys } from '../lambdas/shared/secrets/data-keys.ts';
import { parseArguments } from '../local/options.ts';
import { runCommand } from './command.ts';
import { findTarget, requireOutput, TARGET_USAGE } from './target.ts';

const USAGE = `Shows and rotates the data key that seals the signing secrets and custom headers of webhooks.

npm run data-keys -- current
npm run data-keys -- rotate
${TARGET_USAGE}`;

const ACTIONS: Readonly<Record<string, (dataKeys: DataKeys) => Promise<string>>> = { current, rotate };

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      stack: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return USAGE;
  const [name = '', ...more] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) throw new Error(`expected current or rotate, got "${name}"; see --help`);
  if (more.length > 0) throw new Error(`${name} takes 0 arguments, got ${more.length}; see --help`);

  const target = await findTarget(values);
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const kms = new KMSClient(target.clientSettings);
  try {
    const tableName = requireOutput(target, 'WebhooksTableName');
    const kmsKeyId = requireOutput(target, 'SecretsKeyId');
    return await action(createDataKeys({ dynamodb, kms, tableName, kmsKeyId }));
  } finally {
    dynamodb.destroy();
    kms.destroy();
  }
}

async function current(dataKeys: DataKeys): Promise<string> {
  return `Data key ${await dataKeys.current()} seals.`;
}

async function rotate(dataKeys: DataKeys): Promise<string> {
  const result = await dataKeys.rotate(new Date(systemClock.now()).toISOString());
  switch (result.kind) {
    case 'rotated':
      return (
        `Data key ${result.to} seals from now on; environments that are warm follow within 5 minutes. ` +
        `Earlier data keys keep opening what they sealed: keep their items.`
      );
    case 'first':
      return 'There was no data key yet. Data key 1 was created and seals.';
    case 'lost':
      throw new Error(
        `another rotation was made at the same time: data key ${result.current} seals now; run this again for one more`,
      );
  }
}

await runCommand(run);
