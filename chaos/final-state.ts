import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Json } from '../local/aws-calls.ts';
import type { Message } from '../local/sqs/message.ts';
import { command } from './commands.ts';
import type { FinalState, Item } from './history.ts';
import { asAttributes } from './observe.ts';
import type { Playground } from './playground.ts';

/** Reads the tables and queues, once nothing moves any more. */
export async function readFinalState(playground: Playground, settled: boolean): Promise<FinalState> {
  const { engine, outputs } = playground;
  const scan = async (TableName: string | undefined): Promise<Item[]> => {
    const { Items = [] } = await playground.client('dynamodb').send(command('Scan', { TableName }));
    return Items.map((item: Json) => unmarshall(asAttributes(item)));
  };
  const items = [...(await scan(outputs.WebhooksTableName)), ...(await scan(outputs.DeliveriesTableName))];
  const withSortKey = (start: string): Item[] => items.filter(({ sk }) => String(sk).startsWith(start));
  const names = Object.keys(outputs).filter((name) => name.endsWith('QueueUrl'));
  const messages = new Map(
    names.map((name) => [
      name.replace(/QueueUrl$/, ''),
      engine.receive({ queueUrl: outputs[name] ?? '', max: 10_000 }).map(({ message }) => message),
    ]),
  );
  const bodies = (isWanted: (message: Message) => boolean): Record<string, string[]> =>
    Object.fromEntries(
      [...messages].map(([name, all]) => [name, all.filter(isWanted).map(({ body }) => body)]),
    );
  return {
    webhooks: withSortKey('WEBHOOK#'),
    events: withSortKey('EVENT'),
    records: withSortKey('DELIVERY#'),
    queues: bodies(() => true),
    // A function gives a reason, the bus an error code.
    unexplained: bodies(({ attributes: { reason, ERROR_CODE } }) => (reason ?? ERROR_CODE) === undefined),
    settled,
  };
}
