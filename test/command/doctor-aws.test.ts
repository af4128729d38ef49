import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../command/main.ts';
import { type Answer, type HttpServer, type Request, startHttpServer } from '../support/http-server.ts';
import { stubAwsEnvironment } from './support/aws-environment.ts';

const OUTPUTS = ['WebhooksTableName', 'PoisonQueueUrl', 'UnreadableQueueUrl', 'UndispatchedQueueUrl'].concat(
  'ExhaustedQueueUrl',
);

/** The state of the stack and its account. Each test changes the part that it checks. */
const HEALTHY = {
  status: 'UPDATE_COMPLETE',
  quota: 1_000,
  maximumConcurrency: 300,
  apiQuota: 10_000,
  /** Of the bootstrap stack; undefined: there is no stack of the default name. */
  bootstrap: '30' as string | undefined,
  qualifier: 'hnb659fds',
  lastBootstrap: '28',
  alarm: 'OK',
  poison: 0,
  outputs: OUTPUTS,
  keys: [{ pk: { S: `KEY#${'a'.repeat(64)}` }, sk: { S: 'KEY' } }],
};

const RESOURCES = [
  ['AWS::Lambda::EventSourceMapping', 'mapping-1'],
  ['AWS::Lambda::EventSourceMapping', 'mapping-2'],
  ['AWS::CloudWatch::Alarm', 'Poison'],
  ['AWS::SQS::Queue', 'http://queues/first'],
].map(
  ([type, id]) =>
    `<member><ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId></member>`,
);

/** As CDK writes it: the versions that are too old. */
const RULE = {
  Assertions: [
    {
      Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] },
      AssertDescription: "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap'.",
    },
  ],
};

const STAGE = {
  Type: 'AWS::ApiGatewayV2::Stage',
  Properties: { DefaultRouteSettings: { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 1_000 } },
};

/** Answers as CloudFormation, Lambda, Service Quotas, CloudWatch, SQS and DynamoDB do. */
function answer(world: typeof HEALTHY, url: string, { path, headers, body }: Request): Answer {
  const json = (value: unknown): Answer => ({
    status: 200,
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/x-amz-json-1.0' },
  });
  const xml = (action: string, result: string): Answer => ({
    status: 200,
    body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
    headers: { 'content-type': 'text/xml' },
  });
  if (path.includes('account-settings')) {
    return json({ AccountLimit: { ConcurrentExecutions: world.quota } });
  }
  if (path.includes('event-source-mappings/mapping-')) {
    return json({ State: 'Enabled', ScalingConfig: { MaximumConcurrency: world.maximumConcurrency } });
  }
  const action = String(headers['x-amz-target'] ?? body).replace(/^.*(Action=|\.)/, '');
  if (action.startsWith('DescribeStacks') && String(body).includes('StackName=CDKToolkit')) {
    if (world.bootstrap === undefined) {
      const error = '<Code>ValidationError</Code><Message>Stack with id CDKToolkit does not exist</Message>';
      return { status: 400, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
    }
    return xml(
      'DescribeStacks',
      `<Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BootstrapVersion</OutputKey><OutputValue>${world.bootstrap}</OutputValue></member></Outputs><Parameters><member><ParameterKey>Qualifier</ParameterKey><ParameterValue>${world.qualifier}</ParameterValue></member></Parameters></member></Stacks>`,
    );
  }
  if (action.startsWith('DescribeStacks')) {
    const outputs = world.outputs.map(
      (name) => `<member><OutputKey>${name}</OutputKey><OutputValue>${url}/${name}</OutputValue></member>`,
    );
    return xml(
      'DescribeStacks',
      `<Stacks><member><StackStatus>${world.status}</StackStatus><Outputs>${outputs.join('')}</Outputs><Parameters><member><ParameterKey>BootstrapVersion</ParameterKey><ResolvedValue>${world.lastBootstrap}</ResolvedValue></member></Parameters></member></Stacks>`,
    );
  }
  if (/ListStackResources/.test(String(body))) {
    const summaries = `<StackResourceSummaries>${RESOURCES.join('')}</StackResourceSummaries>`;
    return xml('ListStackResources', summaries);
  }
  if (/GetTemplate/.test(String(body))) {
    const template = JSON.stringify({
      Resources: { Stage: STAGE, Other: { Type: 'AWS::SQS::Queue' } },
      Parameters: { BootstrapVersion: { Default: '/cdk-bootstrap/hnb659fds/version' } },
      Rules: { CheckBootstrapVersion: RULE },
    });
    return xml('GetTemplate', `<TemplateBody>${template.replaceAll('"', '&quot;')}</TemplateBody>`);
  }
  if (action === 'GetServiceQuota') {
    const values: Record<string, number> = { 'L-8A5B8E43': world.apiQuota, 'L-CDF5615A': 5_000 };
    const { ServiceCode, QuotaCode } = JSON.parse(String(body));
    return json({ Quota: { ServiceCode, QuotaCode, Value: values[QuotaCode] } });
  }
  if (action === 'DescribeAlarms') {
    return json({ MetricAlarms: [{ AlarmName: 'Poison', StateValue: world.alarm, StateReason: '1 >= 1' }] });
  }
  if (action === 'GetQueueAttributes') {
    const count = String(body).includes('Poison') ? world.poison : 0;
    return json({ Attributes: { ApproximateNumberOfMessages: String(count) } });
  }
  if (action === 'Query') return json({ Items: [] });
  if (action === 'Scan') {
    const fields = {
      account_id: { S: 'acct_1' },
      name: { S: 'x' },
      created_at: { S: '2026-01-01T00:00:00Z' },
    };
    return json({ Items: world.keys.map((key) => ({ ...key, ...fields })) });
  }
  return { status: 403, body: '{"__type":"AccessDeniedException","message":"no"}' };
}

async function doctor(change: Partial<typeof HEALTHY> = {}) {
  let templateReads = 0;
  const server: HttpServer = await startHttpServer((request) => {
    if (/GetTemplate/.test(String(request.body))) templateReads += 1;
    return answer({ ...HEALTHY, ...change }, server.url, request);
  });
  onTestFinished(server.close);
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  let out = '';
  let error = '';
  const code = await run(['doctor', '--stack', 'Shop', '--json'], {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    isTerminal: false,
  });
  const { checks } = JSON.parse(out || '{"checks":[]}');
  const statuses = Object.fromEntries(
    checks.map(({ name, status }: { name: string; status: string }) => [name, status]),
  );
  return { code, error, checks, statuses, templateReads };
}

beforeEach(stubAwsEnvironment);
afterEach(() => vi.unstubAllEnvs());

describe('doctor on AWS', () => {
  it('reads the template once for all checks', async () => {
    expect((await doctor()).templateReads).toBe(1);
  });

  it('finds no problem in a healthy stack', async () => {
    const { code, statuses, checks } = await doctor();

    expect(code).toBe(0);
    expect(statuses).toEqual({
      deployment: 'ok',
      bootstrap: 'ok',
      concurrency: 'ok',
      'API requests': 'ok',
      alarms: 'ok',
      'poison queue': 'ok',
      'unreadable queue': 'ok',
      'undispatched queue': 'ok',
      'exhausted queue': 'ok',
      'API keys': 'ok',
      canary: 'not_checked',
      'test delivery': 'not_checked',
    });
    const details = checks.map(({ detail }: { detail: string }) => detail);
    expect(details).toContain('the event sources need up to 600 of 1000 concurrent executions');
    expect(details).toContain(
      "the API accepts up to 1000 of the account's 10000 requests a second, and 1000 of 5000 at once",
    );
    expect(details).toContain(
      'CDK bootstrap version 30 of the stack CDKToolkit; the template needs 6 or newer',
    );
  });

  it.each([
    ['deployment', { status: 'UPDATE_ROLLBACK_COMPLETE' }],
    ['bootstrap', { bootstrap: '5' }],
    ['bootstrap', { bootstrap: undefined, lastBootstrap: '5' }],
    ['concurrency', { quota: 10 }],
    ['API requests', { apiQuota: 500 }],
    ['alarms', { alarm: 'ALARM' }],
    ['poison queue', { poison: 2 }],
    ['API keys', { keys: [] }],
    ['canary', { outputs: [...OUTPUTS, 'CanaryUrl'] }],
  ])(
    'reports a problem of the %s alone, states how to correct it, and ends with status 2',
    async (name, change) => {
      const { code, checks } = await doctor(change);

      const problems = checks.filter(({ status }: { status: string }) => status === 'problem');
      expect(code).toBe(2);
      expect(problems).toMatchObject([{ name, advice: expect.stringMatching(/\w{3}/) }]);
    },
  );

  it.each([
    ['there is no bootstrap stack of the default name', { bootstrap: undefined }],
    ['that stack has another qualifier', { bootstrap: '5', qualifier: 'other' }],
  ])('compares the bootstrap version of the last deployment when %s', async (_, change) => {
    const { code, checks } = await doctor(change);

    const bootstrap = checks.find(({ name }: { name: string }) => name === 'bootstrap');
    expect(code).toBe(0);
    expect(bootstrap.detail).toBe(
      'CDK bootstrap version 28 at the last deployment; the template needs 6 or newer',
    );
  });

  it('warns that the endpoint of --stack is on this machine, once', async () => {
    const { error } = await doctor();

    expect(JSON.parse(error)).toEqual({
      warning: expect.stringMatching(/^--stack Shop is looked up at 127\.0\.0\.1:\d+, on this machine/),
    });
  });
});
