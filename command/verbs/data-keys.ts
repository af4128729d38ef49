import { KMSClient } from '@aws-sdk/client-kms';
import { Command } from '@commander-js/extra-typings';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createDataKeys, type DataKeys } from '../../lambdas/shared/secrets/data-keys.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { recordChange } from '../shared/record-change.ts';
import { findTarget, requireOutput, type Target, type TargetOptions } from '../shared/target.ts';
import { type Answer, type Io, stackCommand } from '../verb.ts';

export function build(io: Io) {
  return new Command('data-keys')
    .description('Shows and rotates the data key that seals signing secrets and custom headers of webhooks.')
    .addCommand(
      stackCommand('current')
        .description('Shows the data key that seals new values.')
        .action(async (options) => io.answer(options, await withDataKeys(options, io, current))),
    )
    .addCommand(
      stackCommand('rotate')
        .description(
          'Creates a data key that seals from now on. Earlier data keys still open the values that they sealed.',
        )
        .action(async (options) => {
          const answer = await withDataKeys(options, io, (dataKeys, target) =>
            recordChange(target, { action: 'data_key.rotate' }, io, async () => ({
              result: await rotate(dataKeys),
            })),
          );
          io.answer(options, answer);
        }),
    );
}

async function withDataKeys(
  options: TargetOptions,
  io: Io,
  use: (dataKeys: DataKeys, target: Target) => Promise<Answer>,
): Promise<Answer> {
  const target = await findTarget(options, io);
  const tableName = requireOutput(target, 'WebhooksTableName');
  const kmsKeyId = requireOutput(target, 'SecretsKeyId');
  const kms = new KMSClient(target.clientSettings);
  try {
    return await withDynamoDb(target, (dynamodb) =>
      use(createDataKeys({ dynamodb, kms, tableName, kmsKeyId }), target),
    );
  } finally {
    kms.destroy();
  }
}

async function current(dataKeys: DataKeys): Promise<Answer> {
  const dataKey = await dataKeys.current();
  return { json: { data_key: dataKey }, text: `Data key ${dataKey} seals new values.` };
}

async function rotate(dataKeys: DataKeys): Promise<Answer> {
  const result = await dataKeys.rotate(new Date(systemClock.now()).toISOString());
  switch (result.kind) {
    case 'rotated':
      return {
        json: { data_key: result.to },
        text:
          `Data key ${result.to} seals from now on; running functions use it within 5 minutes. ` +
          `Earlier data keys still open the values that they sealed: keep their items.`,
      };
    case 'first':
      return {
        json: { data_key: 1 },
        text: 'There was no data key yet. Data key 1 was created and seals.',
      };
    case 'lost':
      throw new Error(
        `another rotation was made at the same time: data key ${result.current} seals now; run this again for one more`,
      );
  }
}
