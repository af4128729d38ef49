import type { RawServer } from '../../../fixtures/raw-server.ts';
import type { Json } from '../../../local/aws-calls.ts';
import { until } from '../../support/until.ts';
import type { ObservedStack } from './observed-stack.ts';

/** Creates an account with an API key and an endpoint. */
export async function arrange(
  stack: ObservedStack,
  accountId: string,
  respond?: (request: string) => string,
  options?: { answersChallenges: boolean },
) {
  const key = await stack.newAccount(accountId);
  const endpoint: RawServer = await stack.startEndpoint(respond, options);
  const url = `http://127.0.0.1:${endpoint.port}/`;
  const { journey } = stack;
  const call = async (status: number, method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await stack.api(method, path, { key, ...(body === undefined ? {} : { body }) });
    expectStatus(answer.status, status, `${method} ${path}`);
    return answer.body;
  };
  return {
    accountId,
    url,
    call,
    async register(input: Json): Promise<{ id: string }> {
      const created = await call(201, 'POST', '/v1/webhooks', { url, events: ['*'], ...input });
      const id = String(created.id);
      const isActive = async () =>
        (await call(200, 'GET', `/v1/webhooks/${id}`)).status === 'active' || undefined;
      await until(`${accountId} has an active webhook`, isActive);
      return { id };
    },
    publish: (id: string) => journey.publish('file.uploaded', { account_id: accountId, id, data: {} }),
    recordOf: (webhookId: string, eventId: string, status: string) =>
      until(`${eventId} is ${status}`, async () =>
        (await journey.records(webhookId, accountId)).find(
          (record) => record.event_id === eventId && record.status === status,
        ),
      ),
    requestWith: (text: string) =>
      until(`a request with ${text}`, () => endpoint.received().includes(text) || undefined),
    change: (webhookId: string, expression: string, values: Json) =>
      stack.admin('dynamodb', 'UpdateItem', {
        TableName: journey.cloud.outputs.WebhooksTableName,
        Key: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: `WEBHOOK#${webhookId}` } },
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
      }),
  };
}

/** Waits until a message that contains the text is sent to the queue. Returns its entry in JSON. */
export async function onQueue(stack: ObservedStack, queue: string, text: string): Promise<string> {
  const url = stack.queueUrl(queue);
  const found = await until(`${text} to be on ${queue}`, () =>
    stack.recorder.recorded.find(
      ({ place, what, bytes }) => place === 'queue messages' && what === url && bytes.includes(text),
    ),
  );
  return found.bytes.toString();
}

export function expectStatus(got: number, expected: number, what = 'the call'): void {
  if (got !== expected) throw new Error(`${what} was answered with ${got} instead of ${expected}`);
}
