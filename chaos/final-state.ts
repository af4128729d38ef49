import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Json } from '../local/aws-calls.ts';
import type { Message } from '../local/sqs/message.ts';
import type { CloudAccess } from './cloud-access.ts';
import type { FinalState, Item } from './history.ts';
import { asAttributes } from './observe-calls.ts';
import { sdkCommand } from './sdk-command.ts';

/** Whether an item is a delivery to a listener that the listener has not confirmed. */
const isForListener = ({ pk }: Item): boolean => String(pk).startsWith('LISTENER#');

/** Reads the tables and queues after a run. Receives all messages: use it once. */
export async function readFinalState(cloud: CloudAccess, settled: boolean): Promise<FinalState> {
  const { engine, outputs } = cloud;
  const scan = async (TableName: string | undefined): Promise<Item[]> => {
    const { Items = [] } = await cloud.client('dynamodb').send(sdkCommand('Scan', { TableName }));
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
  const bodies = (isIncluded: (message: Message) => boolean): Record<string, string[]> =>
    Object.fromEntries(
      [...messages].map(([name, all]) => [name, all.filter(isIncluded).map(({ body }) => body)]),
    );
  return {
    webhooks: withSortKey('WEBHOOK#'),
    events: withSortKey('EVENT'),
    records: withSortKey('DELIVERY#').filter((item) => !isForListener(item)),
    listenerDeliveries: items.filter(isForListener),
    recoveries: withSortKey('rcv_'),
    queues: bodies(() => true),
    // A function adds a reason, and the bus adds an error code.
    unexplained: bodies(({ attributes: { reason, ERROR_CODE } }) => (reason ?? ERROR_CODE) === undefined),
    settled,
  };
}
