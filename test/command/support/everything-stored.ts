import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseBody } from '../../../lambdas/shared/store/body-attribute.ts';
import { QUEUES, TABLES } from '../../support/in-process-services.ts';
import type { Cloud } from '../../support/new-cloud.ts';

/** All items of both tables and all messages, as text. Compressed bodies are opened. */
export async function everythingStored(cloud: Cloud): Promise<string[]> {
  const texts: string[] = [];
  for (const TableName of Object.values(TABLES)) {
    const { Items = [] }: ScanCommandOutput = await cloud.ports.dynamodb.send(new ScanCommand({ TableName }));
    texts.push(
      ...Items.map((item) => unmarshall(item)).map((item) => JSON.stringify([item, parseBody(item)])),
    );
  }
  texts.push(...QUEUES.flatMap((queue) => cloud.receiveTexts(queue)));
  // They are visible again then.
  cloud.time.now += 121_000;
  return texts;
}
