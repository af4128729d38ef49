import type { Stack } from '../../local/assembly/stack.ts';
import type { AwsCall, Json } from '../../local/aws-calls.ts';

type Alter = (call: AwsCall) => AwsCall;

/** Changes the conditions of updates of one table. */
export function inTable(
  { outputs }: Stack,
  name: 'Webhooks' | 'Deliveries',
  change: (condition: string) => string,
): Alter {
  return (call) => {
    const { TableName, ConditionExpression } = call.input;
    const isOfTable = TableName === outputs[`${name}TableName`];
    if (!isOfTable || call.action !== 'UpdateItem' || typeof ConditionExpression !== 'string') return call;
    return { ...call, input: { ...call.input, ConditionExpression: change(ConditionExpression) } };
  };
}

/** Makes a clause always true. `name`: a text attribute that the expression names. It contains no attributes. */
export function makeTrue(clause: RegExp, name: string): (condition: string) => string {
  return (condition) => condition.replace(clause, (text) => `(${text} OR ${notInside(name)})`);
}

/** Makes a clause always false. `name`: as for `makeTrue`. */
export function makeFalse(clause: RegExp, name: string): (condition: string) => string {
  return (condition) => condition.replace(clause, (text) => `${text} AND NOT ${notInside(name)}`);
}

function notInside(name: string): string {
  return `attribute_not_exists(${name}.${name})`;
}

/** Every counted delivery counts twice. */
export function countTwice(call: AwsCall): AwsCall {
  const { UpdateExpression, ExpressionAttributeValues } = call.input;
  const value = /ADD #exhausted_in_row (:v\d+)/.exec(String(UpdateExpression))?.[1];
  if (value === undefined) return call;
  const values = { ...Object(ExpressionAttributeValues) };
  values[value] = { N: String(2 * Number(values[value].N)) };
  return { ...call, input: { ...call.input, ExpressionAttributeValues: values } };
}

/** Changes the event type in messages for the lanes. The event's body does not change. */
export function inMessages(type: string, other: string): Alter {
  return (call) => {
    if (call.action !== 'SendMessageBatch' || !Array.isArray(call.input.Entries)) return call;
    const Entries = call.input.Entries.map((entry: Json) => ({
      ...entry,
      MessageBody: String(entry.MessageBody).replace(`"event_type":"${type}"`, `"event_type":"${other}"`),
    }));
    return { ...call, input: { ...call.input, Entries } };
  };
}
