import { describe, expect, it } from 'vitest';
import { loadStack } from '../../../local/assembly/load-stack.ts';
import type { Stack } from '../../../local/assembly/stack.ts';
import { parseDashboard } from '../../../local/cloudwatch/dashboard.ts';
import { queue, ref, writeAssembly } from '../../support/assembly.ts';

const DEPLOYMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:1000',
  apiUrl: 'http://127.0.0.1:2000',
};

type Template = NonNullable<Parameters<typeof writeAssembly>[0]['resources']>;

async function load(resources: Template): Promise<Stack> {
  return loadStack(await writeAssembly({ resources }), DEPLOYMENT);
}

const COMPARED = { ComparisonOperator: 'GreaterThanThreshold', Threshold: 5, EvaluationPeriods: 3 };

function alarm(properties: Record<string, unknown>) {
  return { Type: 'AWS::CloudWatch::Alarm', Properties: { ...COMPARED, ...properties } };
}

function metricStat(name: string, period = 300) {
  return { Metric: { Namespace: 'N', MetricName: name, Dimensions: [] }, Period: period, Stat: 'Sum' };
}

describe('an alarm of the template', () => {
  it('has the resolved dimensions of its metric and the topics that it notifies', async () => {
    const { alarms } = await load({
      Jobs: queue({ QueueName: 'jobs' }),
      Pages: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'pages', FifoTopic: false } },
      Late: alarm({
        AlarmName: 'late',
        AlarmDescription: 'Jobs are late.',
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Jobs', 'QueueName'] } }],
        Statistic: 'Maximum',
        Period: 60,
        TreatMissingData: 'notBreaching',
        AlarmActions: [ref('Pages')],
      }),
    });

    expect(alarms).toEqual([
      {
        logicalId: 'Late',
        name: 'late',
        description: 'Jobs are late.',
        queries: [
          {
            id: 'metric',
            metric: {
              namespace: 'AWS/SQS',
              name: 'ApproximateAgeOfOldestMessage',
              dimensions: { QueueName: 'jobs' },
            },
            statistic: 'Maximum',
          },
        ],
        comparedQuery: 'metric',
        periodMs: 60_000,
        threshold: 5,
        comparison: 'GreaterThanThreshold',
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        treatMissingData: 'notBreaching',
        alarmActions: ['arn:aws:sns:us-east-1:000000000000:pages'],
        okActions: [],
      },
    ]);
  });

  it('has the metrics and the compared expression of metric math', async () => {
    const { alarms } = await load({
      Ratio: alarm({
        Metrics: [
          { Id: 'ratio', Expression: 'failed / all', ReturnData: true },
          { Id: 'failed', MetricStat: metricStat('failed'), ReturnData: false },
          { Id: 'all', MetricStat: metricStat('all'), ReturnData: false },
        ],
      }),
    });

    expect(alarms[0]).toMatchObject({
      comparedQuery: 'ratio',
      periodMs: 300_000,
      queries: [{ id: 'ratio', expression: 'failed / all' }, { id: 'failed' }, { id: 'all' }],
    });
  });

  it('notifies nobody while its actions are disabled', async () => {
    const { alarms } = await load({
      Quiet: alarm({
        Metrics: [{ Id: 'm', MetricStat: metricStat('m') }],
        ActionsEnabled: false,
        AlarmActions: ['arn:aws:sns:us-east-1:000000000000:pages'],
      }),
    });

    expect(alarms[0]?.alarmActions).toEqual([]);
  });

  it('keeps its state without data of DynamoDB, unless TreatMissingData is set', async () => {
    const metric = {
      Namespace: 'AWS/DynamoDB',
      MetricName: 'ReadThrottleEvents',
      Statistic: 'Sum',
      Period: 60,
    };
    const { alarms } = await load({
      A: alarm(metric),
      B: alarm({ ...metric, TreatMissingData: 'notBreaching' }),
      C: alarm({ ...metric, Namespace: 'AWS/SQS' }),
    });

    expect(alarms.map(({ treatMissingData }) => treatMissingData)).toEqual([
      ...['ignore', 'notBreaching', 'missing'],
    ]);
  });

  it.each([
    [{ Namespace: 'N', MetricName: 'm', Statistic: 'Sum', Period: 10 }, 'periods of full minutes only'],
    [{ Namespace: 'N', MetricName: 'm' }, 'expected Metrics, or Namespace, MetricName, Period'],
    [{ Metrics: [], ThresholdMetricId: 'band' }, 'ThresholdMetricId'],
    [
      {
        Metrics: [
          { Id: 'a', MetricStat: metricStat('a'), ReturnData: true },
          { Id: 'b', MetricStat: metricStat('b', 60), ReturnData: false },
        ],
      },
      'one period only; got 1 queries and the periods 300, 60',
    ],
  ])('that the local cloud cannot evaluate is refused: %j', async (properties, message) => {
    await expect(load({ Strange: alarm(properties) })).rejects.toThrow(message);
  });
});

describe('a resource that the local cloud cannot use', () => {
  it('is accepted by its type and has no effect', async () => {
    const stack = await load({
      Query: {
        Type: 'AWS::Logs::QueryDefinition',
        Properties: { Name: 'top', QueryString: 'fields @message' },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: ref('Topic'), Protocol: 'email', Endpoint: 'ops@example.com' },
      },
    });

    expect(stack.alarms).toEqual([]);
  });
});

describe('a dashboard', () => {
  const widget = (properties: Record<string, unknown>, type = 'metric') => ({
    ...{ type, x: 0, y: 0, width: 6, height: 6 },
    properties,
  });
  const parse = (...widgets: unknown[]) => parseDashboard(JSON.stringify({ widgets }));

  it('has the metrics of its graphs, also abbreviated and hidden ones', () => {
    const [graph] = parse(
      widget({
        title: 'Messages',
        stat: 'Sum',
        period: 60,
        metrics: [
          [{ expression: 'a + b', label: 'both', id: 'sum' }],
          ['AWS/SQS', 'Sent', 'QueueName', 'one', { id: 'a', visible: false }],
          ['.', '.', '.', 'two', { id: 'b', stat: 'Maximum' }],
        ],
      }),
    );

    const metric = (queueName: string) => ({
      namespace: 'AWS/SQS',
      name: 'Sent',
      dimensions: { QueueName: queueName },
    });
    expect(graph).toMatchObject({
      kind: 'metric',
      periodMs: 60_000,
      queries: [
        { id: 'sum', expression: 'a + b' },
        { id: 'a', metric: metric('one'), statistic: 'Sum' },
        { id: 'b', metric: metric('two'), statistic: 'Maximum' },
      ],
      lines: [
        { id: 'sum', label: 'both' },
        { id: 'b', label: 'Sent' },
      ],
    });
  });

  it('has texts and the names of alarms', () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Stack/Fanout/late';

    expect(
      parse(widget({ markdown: '# Hello' }, 'text'), widget({ title: 'Alarms', alarms: [arn] }, 'alarm')),
    ).toMatchObject([
      { kind: 'text', title: '# Hello' },
      { kind: 'alarm', alarms: ['Stack/Fanout/late'] },
    ]);
  });
});
