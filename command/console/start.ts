import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { operatorName } from '../shared/operator.ts';
import { recordMoves } from '../shared/record-change.ts';
import { requireOutput, type Target } from '../shared/target.ts';
import type { Io } from '../verb.ts';
import { createAccountKeys } from './account-keys.ts';
import { readConsoleFiles } from './files.ts';
import { createOperatorApi } from './operator-api.ts';
import { type ConsoleServer, startConsoleServer } from './server.ts';

export interface StartConsole {
  readonly target: Target;
  /** The name or ARN of the stack. Undefined for the local cloud. */
  readonly stack: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly readOnly: boolean;
  readonly io: Pick<Io, 'warn'>;
}

/** Serves the console of operators with their own AWS credentials. `close` revokes the API keys that the server created. */
export async function startConsole({
  target,
  stack,
  port,
  readOnly,
  io,
}: StartConsole): Promise<ConsoleServer> {
  const apiUrl = requireOutput(target, 'ApiUrl');
  const tableName = requireOutput(target, 'WebhooksTableName');
  const files = readConsoleFiles(apiUrl);
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const sqs = new SQSClient(target.clientSettings);
  const keys = createAccountKeys(createApiKeyStore({ dynamodb, tableName }), systemClock);
  const operatorApi = createOperatorApi({
    ...{ target, stack, dynamodb, sqs, readOnly, timer: systemClock, operator: operatorName() },
    recordMoves: (change, move) => recordMoves(target, change, io, move),
  });
  const server = await startConsoleServer({ port, files, apiUrl, keyOf: keys.keyOf, operatorApi, readOnly });
  return {
    url: server.url,
    async close() {
      await server.close();
      await keys.end().catch((error: unknown) => {
        io.warn(
          `an API key of the command could not be revoked, and expires within 15 minutes: ${String(error)}`,
        );
      });
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}
