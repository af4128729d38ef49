import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLink } from '../../command/portal/create-link.ts';
import { type AwsCalls, AwsError, createAwsCalls } from '../../local/aws-calls.ts';
import { type Endpoint, startEndpoint } from '../../local/endpoint.ts';
import { createAuthorizer } from '../../local/iam/authorizer.ts';
import { createResources } from '../../local/iam/resources.ts';
import type { InvocationEnd } from '../../local/lambda/function-worker.ts';
import { createInvokeService } from '../../local/lambda/invoke-service.ts';
import { failed, functionOf, returned } from '../support/lambda.ts';

const INPUT = { account: 'acct_1', actor: 'ann', read_only: true, confirm: true };
const LINK = {
  url: 'https://x.example/#code=1',
  session_id: 'ses_1',
  expires_at: '2026-01-15T10:30:00.000Z',
};
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const BACKEND = {
  roleName: 'Backend',
  functionName: 'Backend',
  policies: [{ Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN }] }],
};

let endpoint: Endpoint;
let answer: InvocationEnd;
const events: unknown[] = [];
const clients: LambdaClient[] = [];

/** The function `work` behind the endpoint of the local cloud, for the real SDK client. */
beforeAll(async () => {
  const fn = functionOf((event) => {
    events.push(event);
    return answer;
  });
  const lambda = {
    arnOf: (name: string) => [ARN, 'work'].find((known) => known === name) && ARN,
    invoke: (_: string, event: unknown) => fn.invoke(event),
  };
  const unused = { call: () => Promise.reject(new Error('not part of this test')) };
  const calls: AwsCalls = createAwsCalls({
    services: {
      sqs: unused,
      dynamodb: unused,
      events: unused,
      kms: unused,
      lambda: createInvokeService(() => lambda),
    },
    authorize: createAuthorizer({
      principals: new Map([
        ['BACKEND', BACKEND],
        ['OTHER', { ...BACKEND, policies: [] }],
      ]),
      accountId: '000000000000',
      resources: createResources({
        region: 'us-east-1',
        accountId: '000000000000',
        partitionKeyOf: () => undefined,
        keyArnOf: () => undefined,
      }),
    }),
    meter: { awsCall: () => undefined },
  });
  endpoint = await startEndpoint({ calls });
});
afterEach(() => {
  events.length = 0;
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await endpoint.close();
});

function lambdaOf(accessKeyId: string): LambdaClient {
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const client = new LambdaClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials,
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

describe('a link by the portal function', () => {
  it.each(['work', ARN])(
    'is made by an invocation of %s with the credentials of the backend',
    async (name) => {
      answer = returned(LINK);

      const link = await createLink(lambdaOf('BACKEND'), name, INPUT);

      expect(link).toEqual({ url: LINK.url, sessionId: LINK.session_id, expiresAt: LINK.expires_at });
      expect(events).toEqual([INPUT]);
    },
  );

  it('is refused to a role that may not invoke the function [API-56]', async () => {
    answer = returned(LINK);

    await expect(createLink(lambdaOf('OTHER'), 'work', INPUT)).rejects.toThrow(
      'not authorized to perform: lambda:InvokeFunction',
    );

    expect(events).toEqual([]);
  });

  it('is refused with the reason that the function gives', async () => {
    answer = returned({ error: 'ttl: must be …', errors: [] });

    await expect(createLink(lambdaOf('BACKEND'), 'work', INPUT)).rejects.toThrow(
      'the portal function refused the request: ttl: must be …',
    );
  });

  it('fails when the function crashed, without its error', async () => {
    answer = failed;

    await expect(createLink(lambdaOf('BACKEND'), 'work', INPUT)).rejects.toThrow(
      'the portal function failed',
    );
  });

  it('fails for a function that does not exist', async () => {
    await expect(createLink(lambdaOf('local'), 'nothing', INPUT)).rejects.toThrow(
      'Function not found: nothing',
    );
  });
});

describe("the local cloud's Lambda", () => {
  it('refuses asynchronous invocations and other actions', async () => {
    const service = createInvokeService(() => ({
      arnOf: () => ARN,
      invoke: () => Promise.reject(new Error()),
    }));
    const context = { principal: 'local', useUnits: () => undefined };
    const call = (action: string, input: Record<string, unknown>) => service.call(action, input, context);

    for (const refused of [
      call('Invoke', { FunctionName: 'work', InvocationType: 'Event' }),
      call('Invoke', { FunctionName: 'work', Payload: '{' }),
      call('ListFunctions', {}),
    ]) {
      expect(await refused.catch((error: unknown) => error instanceof AwsError)).toBe(true);
    }
  });
});
