import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Message, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, type CloudSettings, createCloud } from '../../local/cloud.ts';
import {
  type AssemblyContent,
  allow,
  getAtt,
  lambdaFunction,
  queue,
  ref,
  role,
  type TemplateResource,
  writeAssembly,
} from '../support/assembly.ts';
import { until } from '../support/until.ts';

const LONGER_THAN_ANY_TEST_SECONDS = 86_400;

const clouds: Cloud[] = [];
afterEach(() => Promise.all(clouds.splice(0).map((cloud) => cloud.close())));

async function run(content: AssemblyContent, settings: Partial<CloudSettings> = {}) {
  const problems: string[] = [];
  const cloud = await createCloud({
    assemblyDirectory: await writeAssembly(content),
    onProblem: (problem) => problems.push(problem),
    ...settings,
  });
  clouds.push(cloud);
  const clientSettings = {
    endpoint: cloud.awsEndpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'any' },
  };
  return {
    cloud,
    problems,
    sqs: new SQSClient(clientSettings),
    dynamodb: new DynamoDBClient(clientSettings),
    events: new EventBridgeClient(clientSettings),
  };
}

/** The messages of a queue, once there are some. */
const messagesOn = (sqs: SQSClient, queueUrl: string | undefined): Promise<Message[]> =>
  until(`messages on ${queueUrl}`, async () => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 20,
      }),
    );
    return Messages;
  });

const bodiesOn = async (sqs: SQSClient, queueUrl: string | undefined): Promise<unknown[]> =>
  (await messagesOn(sqs, queueUrl)).map(({ Body = '' }): unknown => JSON.parse(Body));

/** A function that sends what it gets to a queue, by AWS's JSON protocol: it has no SDK in its bundle. */
const FORWARD = `
export const handler = async (event) => {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ QueueUrl: process.env.TARGET_URL, MessageBody: JSON.stringify(event) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return { statusCode: 200, body: answer };
};`;

const forward = lambdaFunction('forward', { Environment: { Variables: { TARGET_URL: ref('Target') } } });
const bus: TemplateResource = { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } };
const rule: TemplateResource = {
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: ref('Bus'),
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: 'Target0', Arn: getAtt('Forward'), DeadLetterConfig: { Arn: getAtt('Parked') } }],
  },
};
const letsInvoke = (principal: string, sourceArn: unknown): TemplateResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: getAtt('Forward'),
    Principal: principal,
    SourceArn: sourceArn,
  },
});
const letsTheRulePark: TemplateResource = {
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [ref('Parked')],
    PolicyDocument: {
      Statement: [
        {
          ...allow('sqs:SendMessage', getAtt('Parked')),
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': getAtt('Rule') } },
        },
      ],
    },
  },
};

/** Bus, rule and function, which sends what it gets to `Target`. */
const FORWARDING: AssemblyContent = {
  bundles: { forward: FORWARD },
  resources: {
    Target: queue(),
    Parked: queue(),
    forwardRole: role(allow('sqs:SendMessage', getAtt('Target')), allow('sqs:SendMessage', getAtt('Parked'))),
    Forward: forward,
    Bus: bus,
    Rule: rule,
    Permission: letsInvoke('events.amazonaws.com', getAtt('Rule')),
    ParkedPolicy: letsTheRulePark,
  },
  outputs: { TargetUrl: ref('Target'), ParkedUrl: ref('Parked'), BusName: ref('Bus') },
};

const with_ = (changes: Record<string, TemplateResource | undefined>): AssemblyContent => ({
  ...FORWARDING,
  resources: Object.fromEntries(
    Object.entries({ ...FORWARDING.resources, ...changes }).flatMap(([id, resource]) =>
      resource === undefined ? [] : [[id, resource] as const],
    ),
  ),
});

const publish = (events: EventBridgeClient, detail: unknown) =>
  events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'sold', Detail: JSON.stringify(detail) }],
    }),
  );

describe('a cloud', () => {
  it('takes an event from the bus through its rule to its function, which acts under its own role', async () => {
    const { cloud, events, sqs } = await run(FORWARDING);

    await publish(events, { n: 1 });

    expect(await bodiesOn(sqs, cloud.outputs.TargetUrl)).toEqual([
      expect.objectContaining({ source: 'shop', 'detail-type': 'sold', detail: { n: 1 } }),
    ]);
  });

  it('refuses a function what its role does not allow, and hands the event to the on-failure queue', async () => {
    const notAllowed = role(allow('sqs:SendMessage', getAtt('Parked')));
    const onFailure: TemplateResource = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: ref('Forward'),
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: getAtt('Parked') } },
      },
    };
    const { cloud, events, sqs } = await run(with_({ forwardRole: notAllowed, OnFailure: onFailure }), {
      asynchronousRetryWaitsMs: [1],
    });

    await publish(events, { n: 1 });

    const [record] = await bodiesOn(sqs, cloud.outputs.ParkedUrl);
    expect(record).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { detail: { n: 1 } },
      responsePayload: {
        errorMessage: expect.stringContaining('is not authorized to perform: sqs:SendMessage'),
      },
    });
  });

  it("puts an event on the rule's dead-letter queue when the rule may not invoke its function", async () => {
    const { cloud, events, sqs } = await run(with_({ Permission: undefined }));

    await publish(events, { n: 1 });

    const [message] = await messagesOn(sqs, cloud.outputs.ParkedUrl);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ detail: { n: 1 } });
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      RULE_ARN: { StringValue: expect.stringContaining('rule/shop/') },
      TARGET_ARN: { StringValue: expect.stringContaining('function:Shop-Forward') },
    });
  });

  it('says that an event is lost when even that queue does not let the rule in', async () => {
    const { events, problems } = await run(with_({ Permission: undefined, ParkedPolicy: undefined }));

    await publish(events, { n: 1 });

    await expect.poll(() => problems).toEqual([expect.stringContaining('lost an event')]);
  });

  it('feeds a function from its queue, under its role', async () => {
    const consume = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    const mapping: TemplateResource = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: ref('Forward'), EventSourceArn: getAtt('Parked') },
    };
    const mayConsume = role(allow('sqs:SendMessage', getAtt('Target')), allow(consume, getAtt('Parked')));
    const { cloud, sqs } = await run(with_({ forwardRole: mayConsume, Mapping: mapping }));

    await sqs.send(new SendMessageCommand({ QueueUrl: cloud.outputs.ParkedUrl, MessageBody: 'hello' }));

    const [event] = await bodiesOn(sqs, cloud.outputs.TargetUrl);
    expect(event).toMatchObject({
      Records: [{ body: 'hello', eventSource: 'aws:sqs', awsRegion: 'us-east-1' }],
    });
    await expect
      .poll(() => cloud.queues.counts(cloud.outputs.ParkedUrl ?? ''))
      .toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    const polls = cloud.meter.snapshot().calls.filter(({ principal }) => principal === 'Shop-Forward');
    expect(polls.map(({ action }) => action)).toEqual([
      'DeleteMessageBatch',
      'ReceiveMessage',
      'SendMessage',
    ]);
  });

  it('refuses to start a mapping whose function may not poll its queue', async () => {
    const mapping: TemplateResource = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: ref('Forward'), EventSourceArn: getAtt('Parked') },
    };

    await expect(run(with_({ Mapping: mapping }))).rejects.toThrow('sqs:ReceiveMessage');
  });

  it('serves the HTTP API at the address that its template sees', async () => {
    const api: Record<string, TemplateResource> = {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: ref('Api'),
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: getAtt('Forward'),
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: ref('Api'),
          RouteKey: 'POST /things',
          Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
        },
      },
      ApiPermission: letsInvoke('apigateway.amazonaws.com', {
        'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/*/things`,
      }),
    };
    const content = with_(api);
    const { cloud, sqs } = await run({
      ...content,
      outputs: { ...content.outputs, ApiUrl: getAtt('Api', 'ApiEndpoint') },
    });

    const response = await fetch(`${cloud.outputs.ApiUrl}/things`, { method: 'POST', body: 'x' });

    expect(response.status).toBe(200);
    expect(cloud.outputs.ApiUrl).toBe(cloud.apiUrl);
    expect(await bodiesOn(sqs, cloud.outputs.TargetUrl)).toMatchObject([{ routeKey: 'POST /things' }]);
    expect(cloud.meter.snapshot().httpApi.requests).toBe(1);
  });

  it('keeps its tables, queues and ports apart from those of a cloud beside it', async () => {
    const table: TemplateResource = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'things',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    };
    const [one, other] = await Promise.all([
      run({ resources: { Things: table } }),
      run({ resources: { Things: table } }),
    ]);
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };

    await one.dynamodb.send(new PutItemCommand({ TableName: 'things', Item: Key }));

    const read = new GetItemCommand({ TableName: 'things', Key });
    expect((await one.dynamodb.send(read)).Item).toEqual(Key);
    expect((await other.dynamodb.send(read)).Item).toBeUndefined();
  });

  it('leaves nothing listening when its stack cannot be run', async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

    await expect(run({ resources: { Topic: { Type: 'AWS::SNS::Topic' } } })).rejects.toThrow(
      'AWS::SNS::Topic',
    );

    await expect.poll(listening).toBe(0);
  });

  it('closes in the middle of its work, without waiting for the end of it', async () => {
    const hang = 'export const handler = () => { for (;;); }';
    const content = with_({ Forward: lambdaFunction('forward', { Timeout: LONGER_THAN_ANY_TEST_SECONDS }) });
    const { cloud, events } = await run({ ...content, bundles: { forward: hang } });
    await publish(events, {});
    await expect.poll(() => cloud.findFunction('Forward').environments()).toEqual([{ id: 1, busy: true }]);

    await cloud.close();

    await expect(fetch(cloud.apiUrl)).rejects.toThrow();
    await expect(fetch(cloud.awsEndpoint)).rejects.toThrow();
  });
});
