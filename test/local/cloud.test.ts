import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { type Cloud, type CloudSettings, createCloud } from '../../local/cloud.ts';
import {
  type AssemblyContent,
  allow,
  getAtt,
  httpApi,
  lambdaFunction,
  queue,
  ref,
  role,
  type TemplateResource,
  writeAssembly,
} from '../support/assembly.ts';
import { until, WAIT_LIMIT_MS } from '../support/until.ts';

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

/** Waits for messages on a queue, and receives them. */
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

/** A function that sends its event to a queue. It uses AWS's JSON protocol, because its bundle contains no SDK. */
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
const ruleTo = (target: Record<string, unknown> = {}): TemplateResource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: ref('Bus'),
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: 'Target0', Arn: getAtt('Events'), DeadLetterConfig: { Arn: getAtt('Dead') }, ...target }],
  },
});
const mapping: TemplateResource = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: ref('Forward'), EventSourceArn: getAtt('Events') },
};
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const policyForRule = (queueId: string): TemplateResource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [ref(queueId)],
    PolicyDocument: {
      Statement: [
        {
          ...allow('sqs:SendMessage', getAtt(queueId)),
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': getAtt('Rule') } },
        },
      ],
    },
  },
});

/** Bus, rule, queue and a function that sends its event to `Target`. */
const FORWARDING: AssemblyContent = {
  bundles: { forward: FORWARD },
  resources: {
    Target: queue(),
    Events: queue(),
    Dead: queue(),
    forwardRole: role(allow('sqs:SendMessage', getAtt('Target')), allow(CONSUME, getAtt('Events'))),
    Forward: forward,
    Mapping: mapping,
    Bus: bus,
    Rule: ruleTo(),
    EventsPolicy: policyForRule('Events'),
    DeadPolicy: policyForRule('Dead'),
  },
  outputs: {
    TargetUrl: ref('Target'),
    EventsUrl: ref('Events'),
    DeadUrl: ref('Dead'),
    BusName: ref('Bus'),
  },
};

/** The same without the function, so that events stay on the queue. */
const BUS_ALONE: Record<string, undefined> = {
  forwardRole: undefined,
  Forward: undefined,
  Mapping: undefined,
};

const withResources = (changes: Record<string, TemplateResource | undefined>): AssemblyContent => ({
  ...FORWARDING,
  resources: Object.fromEntries(
    Object.entries({ ...FORWARDING.resources, ...changes }).flatMap(([id, resource]) =>
      resource === undefined ? [] : [[id, resource] as const],
    ),
  ),
});

const publish = (events: EventBridgeClient, detail: unknown) => publishText(events, JSON.stringify(detail));

const publishText = (events: EventBridgeClient, Detail: string) =>
  events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'sold', Detail }],
    }),
  );

/** Text and attributes of the message on a queue. */
const messageOn = async (
  sqs: SQSClient,
  queueUrl: string | undefined,
): Promise<{ text: string; attributes: Record<string, unknown> }> => {
  const [message] = await messagesOn(sqs, queueUrl);
  const attributes = Object.entries(message?.MessageAttributes ?? {});
  return {
    text: message?.Body ?? '',
    attributes: Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue])),
  };
};

describe('a cloud', () => {
  it('delivers an event from the bus through a queue to a function, which acts under its role', async () => {
    const { cloud, events, sqs } = await run(FORWARDING);

    await publish(events, { n: 1 });

    const [batch] = await bodiesOn(sqs, cloud.outputs.TargetUrl);
    expect(batch).toMatchObject({
      Records: [{ eventSource: 'aws:sqs', awsRegion: 'us-east-1', body: expect.any(String) }],
    });
    expect(JSON.parse(Object(batch).Records[0].body)).toMatchObject({
      source: 'shop',
      'detail-type': 'sold',
      detail: { n: 1 },
    });
    await expect
      .poll(() => cloud.queues.counts(cloud.outputs.EventsUrl ?? ''), { timeout: WAIT_LIMIT_MS })
      .toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    const { calls } = cloud.meter.snapshot();
    expect(calls.map(({ principal, action }) => `${principal} ${action}`)).toEqual([
      'Shop-Forward DeleteMessageBatch',
      'Shop-Forward ReceiveMessage',
      'Shop-Forward SendMessage',
      'events.amazonaws.com SendMessage',
      'local PutEvents',
      'local ReceiveMessage',
    ]);
  });

  it('does not change the text of a published detail [API-13]', async () => {
    const { cloud, events, sqs } = await run(withResources(BUS_ALONE));
    const detail = '{"n": 12345678901234567890, "m":[1e400,-0,1.0] ,"text":"\\u0000 é"}';

    await publishText(events, detail);

    const { text } = await messageOn(sqs, cloud.outputs.EventsUrl);
    expect(text.endsWith(`,"resources":[],"detail":${detail}}`)).toBe(true);
  });

  it('refuses a call that the role of a function does not allow; the message stays on its queue', async () => {
    const notAllowed = role(allow(CONSUME, getAtt('Events')));
    const { cloud, events, problems } = await run(withResources({ forwardRole: notAllowed }));

    await publish(events, { n: 1 });

    await expect
      .poll(() => problems, { timeout: WAIT_LIMIT_MS })
      .toContainEqual(expect.stringContaining('is not authorized to perform: sqs:SendMessage'));
    expect(cloud.queues.counts(cloud.outputs.EventsUrl ?? '')).toMatchObject({ inFlight: 1 });
  });

  it("sends an event to the rule's dead-letter queue if the queue's policy does not allow the rule [FAULT-18]", async () => {
    const { cloud, events, sqs, problems } = await run(withResources({ EventsPolicy: undefined }));

    await publish(events, { n: 1 });

    const { text, attributes } = await messageOn(sqs, cloud.outputs.DeadUrl);
    expect(JSON.parse(text)).toMatchObject({ detail: { n: 1 } });
    expect(attributes).toEqual({
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: expect.stringContaining('does not allow the rule to send'),
      RULE_ARN: expect.stringContaining('rule/shop/'),
      TARGET_ARN: expect.stringMatching(/:sqs:.*Shop-Events/),
    });
    expect(problems).toEqual([]);
  });

  it('reports an event as lost if the policy of the dead-letter queue does not allow the rule either', async () => {
    const policies = { EventsPolicy: undefined, DeadPolicy: undefined };
    const { cloud, events, problems } = await run(withResources(policies));

    await publish(events, { n: 1 });

    await expect
      .poll(() => problems)
      .toEqual([expect.stringMatching(/lost an event.*InvocationsFailedToBeSentToDlq/)]);
    const counted = cloud.cloudwatch.metrics.metrics().map(({ name }) => name);
    expect(counted).toContain('InvocationsFailedToBeSentToDlq');
  });

  it.each([
    ['U+FFFF', `{"text":"\uffff"}`, 'InvalidMessageContents'],
    [
      'more than 1 MiB with its envelope',
      `{"text":"${'x'.repeat(1_048_400)}"}`,
      'Message must be shorter than 1048576 bytes',
    ],
  ])(
    'reports an event with %s as lost, because neither queue accepts it [API-16]',
    async (_, detail, reason) => {
      const { cloud, events, problems } = await run(withResources(BUS_ALONE));

      const { FailedEntryCount } = await publishText(events, detail);

      expect(FailedEntryCount).toBe(0);
      await expect.poll(() => problems).toEqual([expect.stringMatching(`lost an event.*${reason}`)]);
      for (const url of [cloud.outputs.EventsUrl, cloud.outputs.DeadUrl]) {
        expect(cloud.queues.counts(url ?? '')).toMatchObject({ visible: 0 });
      }
    },
  );

  it('retries while SQS fails, and sends the event to the dead-letter queue when the retry policy is exhausted', async () => {
    const impatient = ruleTo({ RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 } });
    const { cloud, events, sqs } = await run(withResources({ ...BUS_ALONE, Rule: impatient }));
    let failures = 1;
    let sends = 0;
    cloud.calls.use(async ({ principal, input }, next) => {
      if (principal !== 'events.amazonaws.com') return next();
      if (String(input.QueueUrl).endsWith('Events') && ++sends <= failures)
        throw new AwsError({ code: 'ServiceUnavailable', message: 'down', status: 503 });
      return next();
    });

    await publish(events, { n: 1 });
    const arrived = await messageOn(sqs, cloud.outputs.EventsUrl);
    failures = Number.POSITIVE_INFINITY;
    await publish(events, { n: 2 });
    const given = await messageOn(sqs, cloud.outputs.DeadUrl);

    expect(JSON.parse(arrived.text)).toMatchObject({ detail: { n: 1 } });
    expect(JSON.parse(given.text)).toMatchObject({ detail: { n: 2 } });
    expect(given.attributes).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '1',
    });
  });

  it('refuses a rule whose target is not a queue', async () => {
    const invoking = ruleTo({ Arn: getAtt('Forward') });

    await expect(run(withResources({ Rule: invoking }))).rejects.toThrow(
      'the local cloud sends events to SQS queues only',
    );
  });

  it('does not start a mapping whose function may not poll its queue', async () => {
    const notAllowed = role(allow('sqs:SendMessage', getAtt('Target')));

    await expect(run(withResources({ forwardRole: notAllowed }))).rejects.toThrow('sqs:ReceiveMessage');
  });

  it('serves the HTTP API at the URL in the values of its template', async () => {
    const content = withResources(httpApi('POST /things', 'Forward'));
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

  it('shares no tables, queues or ports with another cloud', async () => {
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

  it('closes its ports if its stack is not supported', async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

    await expect(run({ resources: { Stream: { Type: 'AWS::Kinesis::Stream' } } })).rejects.toThrow(
      'AWS::Kinesis::Stream',
    );

    await expect.poll(listening).toBe(0);
  });

  it('closes without waiting for running invocations', async () => {
    const hang = 'export const handler = () => { for (;;); }';
    const content = withResources({
      Forward: lambdaFunction('forward', { Timeout: LONGER_THAN_ANY_TEST_SECONDS }),
    });
    const { cloud, events } = await run({ ...content, bundles: { forward: hang } });
    await publish(events, {});
    await expect.poll(() => cloud.findFunction('Forward').environments()).toEqual([{ id: 1, busy: true }]);

    await cloud.close();

    await expect(fetch(cloud.apiUrl)).rejects.toThrow();
    await expect(fetch(cloud.awsEndpoint)).rejects.toThrow();
  });
});
