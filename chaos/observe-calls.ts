import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseDeliveryKey, parseWebhookKey } from '../lambdas/shared/store/keys.ts';
import { ADMINISTRATOR, type AwsCall, type Interceptor, type Json } from '../local/aws-calls.ts';
import { parseEventKey, readMessage } from './affected-deliveries.ts';
import type { Caller, History, Item, Role } from './history.ts';
import { isJson, listIn } from './json.ts';

/** A call with its caller, if known. */
export interface CallWithCaller extends AwsCall {
  readonly caller?: Caller;
}

/** One item after a write. `item`: undefined after a deletion. */
interface Written {
  readonly table: string;
  readonly key: { readonly pk: string; readonly sk: string };
  readonly item: Item | undefined;
}

/** Adds the effects of calls in virtual time to the history, each at its time. */
export function createCallObserver(history: History): Interceptor {
  return async (call: CallWithCaller, next) => {
    if (call.service !== 'dynamodb') {
      const output = await next();
      noteEffect(history, call, output);
      return output;
    }
    const { ReturnValues } = call.input;
    if (call.action !== 'UpdateItem' || (ReturnValues !== undefined && ReturnValues !== 'UPDATED_NEW')) {
      const output = await next();
      for (const written of itemsWritten(call, output)) noteWrite(history, call, written);
      return output;
    }
    // Make this write return the new item: a separate read could return a later state.
    const { Attributes, ...output } = await next({ ...call.input, ReturnValues: 'ALL_NEW' });
    for (const written of itemsWritten(call, { Attributes })) noteWrite(history, call, written);
    return ReturnValues === undefined
      ? output
      : { ...output, Attributes: onlyUpdated(call.input, Attributes) };
  };
}

/** The attributes that UPDATED_NEW returns: those that the update names, without those of its condition. */
function onlyUpdated({ UpdateExpression, ExpressionAttributeNames }: Json, attributes: unknown): Json {
  const names = isJson(ExpressionAttributeNames) ? ExpressionAttributeNames : {};
  const updated = new Set([...String(UpdateExpression).matchAll(/#\w+/g)].map(([name]) => names[name]));
  const all = isJson(attributes) ? attributes : {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => updated.has(name)));
}

/** Adds writes in real time to the history. Reads the item after each write, since a lost answer does not show it. */
export function createLiveWriteObserver(
  history: History,
  get: (table: string, key: Json) => Promise<Json>,
): Interceptor {
  return async (call, next) => {
    try {
      return await next();
    } finally {
      if (call.service === 'dynamodb') {
        for (const { table, typedKey } of keysWritten(call)) {
          const { Item: found } = await get(table, typedKey);
          const item = isJson(found) ? unmarshall(asAttributes(found)) : undefined;
          noteWrite(history, undefined, { table, key: keyOf(typedKey), item });
        }
      }
    }
  };
}

function noteEffect(history: History, { action, input, caller }: CallWithCaller, output: Json): void {
  if (caller === undefined) return;
  if (action === 'Decrypt') history.add({ kind: 'key_unwrapped', caller });
  if (action !== 'SendMessageBatch' || caller.run === undefined) return;
  const failed = new Set(listIn(output.Failed).map(({ Id }) => Id));
  for (const { Id, MessageBody } of listIn(input.Entries)) {
    const message = failed.has(Id) ? undefined : readMessage(MessageBody);
    if (message !== undefined) history.add({ kind: 'enqueued', caller, ...message });
  }
}

function noteWrite(history: History, call: CallWithCaller | undefined, { key, item }: Written): void {
  const webhook = parseWebhookKey(key);
  const delivery = parseDeliveryKey(key);
  const event = parseEventKey(key);
  if (webhook !== undefined) {
    const by = writerOf(call);
    const { webhookId } = webhook;
    history.add({ kind: 'webhook_written', webhookId, item, ...(by === undefined ? {} : { by }) });
  } else if (delivery !== undefined) {
    history.add({ kind: 'record_written', deliveryId: delivery.deliveryId, item });
  } else if (event !== undefined && item !== undefined) {
    const caller = call?.caller;
    history.add({ kind: 'event_stored', ...event, ...(caller === undefined ? {} : { caller }) });
  }
}

function writerOf(call: CallWithCaller | undefined): Role | 'operator' | undefined {
  return call?.caller?.role ?? (call?.principal === ADMINISTRATOR ? 'operator' : undefined);
}

function* itemsWritten({ action, input }: AwsCall, output: Json): Generator<Written> {
  const table = String(input.TableName);
  switch (action) {
    case 'PutItem':
      return yield writtenItem(table, input.Item);
    case 'UpdateItem':
      return yield writtenItem(table, output.Attributes);
    case 'DeleteItem':
      return yield { table, key: keyOf(input.Key), item: undefined };
    case 'BatchWriteItem':
      // dynalite processes all entries; the fault `partial` removes entries from the input.
      for (const [name, item] of batchItems(input)) yield writtenItem(name, item);
  }
}

function writtenItem(table: string, typed: unknown): Written {
  return { table, key: keyOf(typed), item: isJson(typed) ? unmarshall(asAttributes(typed)) : undefined };
}

function* keysWritten({ action, input }: AwsCall): Generator<{ table: string; typedKey: Json }> {
  const table = String(input.TableName);
  if (action === 'PutItem') yield { table, typedKey: onlyKey(input.Item) };
  if (action === 'UpdateItem' || action === 'DeleteItem') yield { table, typedKey: onlyKey(input.Key) };
  if (action !== 'BatchWriteItem') return;
  for (const [name, item] of batchItems(input)) yield { table: name, typedKey: onlyKey(item) };
}

function batchItems({ RequestItems }: Json): [string, unknown][] {
  return Object.entries(isJson(RequestItems) ? RequestItems : {}).flatMap(([table, requests]) =>
    listIn(requests).map(({ PutRequest }): [string, unknown] => [
      table,
      isJson(PutRequest) ? PutRequest.Item : undefined,
    ]),
  );
}

function onlyKey(typed: unknown): Json {
  return isJson(typed) ? { pk: typed.pk, sk: typed.sk } : {};
}

function keyOf(typed: unknown): { pk: string; sk: string } {
  const text = (attribute: unknown): string => (isJson(attribute) ? String(attribute.S ?? '') : '');
  return isJson(typed) ? { pk: text(typed.pk), sk: text(typed.sk) } : { pk: '', sk: '' };
}

/** Types an item that the service returned as DynamoDB's typed JSON. */
export function asAttributes(item: Json): Parameters<typeof unmarshall>[0] {
  return item as Parameters<typeof unmarshall>[0];
}
