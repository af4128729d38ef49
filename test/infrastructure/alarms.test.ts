import { readFileSync } from 'node:fs';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { COUNTER_NAMES } from '../../lambdas/shared/runtime/metric-names.ts';
import { type Properties, type Synthesized, synthesize } from './synthesize.ts';

const DEPLOYMENT = 'Shop/Fanout';

/** The name without the deployment. */
const nameOf = ({ AlarmName }: Properties): string => AlarmName.slice(DEPLOYMENT.length + 1);

const alarmsOf = ({ resources }: Synthesized): Map<string, Properties> =>
  new Map(resources('AWS::CloudWatch::Alarm').map((alarm) => [nameOf(alarm), alarm]));

/** `<severity> <statistic> <metric> <comparison> <threshold>, <M> of <N> of <seconds>`; `math` for several metrics. */
function ruleOf(alarm: Properties): string {
  const severity = alarm.AlarmDescription.split(':')[0];
  const comparison = {
    GreaterThanThreshold: '>',
    GreaterThanOrEqualToThreshold: '>=',
    LessThanThreshold: '<',
  }[alarm.ComparisonOperator as 'GreaterThanThreshold'];
  const statistic = alarm.Statistic ?? alarm.ExtendedStatistic;
  const metric = alarm.Metrics === undefined ? `${statistic} ${alarm.MetricName}` : 'math';
  const seconds = alarm.Period ?? alarm.Metrics[1].MetricStat.Period;
  const times = `${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods} of ${seconds} s`;
  return `${severity} ${metric} ${comparison} ${alarm.Threshold}, ${times}`;
}

const ERRORS = (severity: string) => `${severity} Sum Errors >= 1, 3 of 5 of 60 s`;
const THROTTLES = 'Page Sum Throttles >= 1, 3 of 5 of 60 s';
const LONG_REQUEST = 'Ticket Maximum Duration >= 27000, 3 of 15 of 60 s';
const LONG_RUN = 'Ticket Maximum Duration >= 57000, 3 of 15 of 60 s';
const AGE = (severity: string, seconds: number) =>
  `${severity} Maximum ApproximateAgeOfOldestMessage > ${seconds}, 5 of 5 of 60 s`;
const MESSAGES = (severity: string) =>
  `${severity} Maximum ApproximateNumberOfMessagesVisible >= 1, 1 of 1 of 60 s`;
const CONCURRENT = (severity: string, runs: number, minutes = 5) =>
  `${severity} Maximum ConcurrentExecutions >= ${runs}, ${minutes} of ${minutes} of 60 s`;

const EXPECTED = {
  poison: MESSAGES('Page'),
  unreadable: MESSAGES('Page'),
  undispatched: MESSAGES('Ticket'),
  'bus-to-undispatched-domain-events': 'Page Sum InvocationsSentToDlq >= 1, 1 of 1 of 60 s',
  'bus-to-undispatched-system-events': 'Page Sum InvocationsSentToDlq >= 1, 1 of 1 of 60 s',
  'bus-lost-domain-events': 'Page Sum InvocationsFailedToBeSentToDlq >= 1, 1 of 1 of 60 s',
  'bus-lost-system-events': 'Page Sum InvocationsFailedToBeSentToDlq >= 1, 1 of 1 of 60 s',
  'late-events': AGE('Page', 120),
  'late-first': AGE('Page', 120),
  'late-retry-1': AGE('Ticket', 121),
  'late-retry-2': AGE('Ticket', 125),
  'late-retry-3': AGE('Ticket', 150),
  'late-later': AGE('Ticket', 1020),
  'late-slow': AGE('Ticket', 1020),
  'late-recoveries': AGE('Ticket', 900),
  'errors-dispatch-event': ERRORS('Page'),
  'errors-send-delivery-first': ERRORS('Ticket'),
  'errors-send-delivery-retry': ERRORS('Ticket'),
  'errors-send-delivery-slow': ERRORS('Ticket'),
  'errors-recover-deliveries': ERRORS('Ticket'),
  'errors-serve-api': ERRORS('Ticket'),
  'errors-serve-console': ERRORS('Ticket'),
  'errors-create-portal-link': ERRORS('Ticket'),
  'throttles-dispatch-event': THROTTLES,
  'throttles-send-delivery-first': THROTTLES,
  'throttles-send-delivery-retry': THROTTLES,
  'throttles-send-delivery-slow': THROTTLES,
  'throttles-recover-deliveries': THROTTLES,
  'throttles-serve-api': THROTTLES,
  'throttles-serve-console': THROTTLES,
  'throttles-create-portal-link': THROTTLES,
  'duration-dispatch-event': LONG_RUN,
  'duration-send-delivery-first': LONG_RUN,
  'duration-send-delivery-retry': LONG_RUN,
  'duration-send-delivery-slow': LONG_RUN,
  'duration-recover-deliveries': LONG_RUN,
  'duration-serve-api': LONG_REQUEST,
  'duration-serve-console': LONG_REQUEST,
  'duration-create-portal-link': LONG_REQUEST,
  'concurrency-first-isolation': CONCURRENT('Ticket', 75, 15),
  'concurrency-first': CONCURRENT('Page', 150),
  'concurrency-retry': CONCURRENT('Ticket', 100),
  'concurrency-slow': CONCURRENT('Ticket', 50),
  'concurrency-dispatch': CONCURRENT('Ticket', 50),
  'api-errors': 'Page Sum 5xx >= 5, 1 of 1 of 300 s',
  'api-latency': 'Ticket p99 Latency >= 2000, 3 of 3 of 300 s',
  'table-throttled-webhooks-reads': 'Ticket Sum ReadThrottleEvents >= 1, 5 of 5 of 60 s',
  'table-throttled-webhooks-writes': 'Ticket Sum WriteThrottleEvents >= 1, 5 of 5 of 60 s',
  'table-throttled-deliveries-reads': 'Ticket Sum ReadThrottleEvents >= 1, 5 of 5 of 60 s',
  'table-throttled-deliveries-writes': 'Ticket Sum WriteThrottleEvents >= 1, 5 of 5 of 60 s',
  returned: 'Page Sum returned >= 10, 5 of 5 of 60 s',
  'dependency-failed': 'Ticket Sum dependency_failed >= 10, 5 of 5 of 60 s',
  'webhook-unreadable': 'Page Sum webhook_unreadable >= 1, 1 of 1 of 60 s',
  'log-lost': 'Ticket Sum log_lost >= 1, 1 of 1 of 300 s',
  'system-event-lost': 'Ticket Sum system_event_lost >= 1, 1 of 1 of 300 s',
  'audit-lost': 'Ticket Sum audit_lost >= 1, 1 of 1 of 300 s',
  'failing-attempts': 'Ticket math > 50, 1 of 1 of 900 s',
};

describe('the alarms', () => {
  it('are those of the list, each with its severity, threshold and periods', () => {
    const alarms = alarmsOf(synthesize());

    expect(Object.fromEntries([...alarms].map(([name, alarm]) => [name, ruleOf(alarm)]))).toEqual(EXPECTED);
  });

  it('do not begin without data', () => {
    const missing = [...alarmsOf(synthesize()).values()].map(({ TreatMissingData }) => TreatMissingData);

    expect(new Set(missing)).toEqual(new Set(['notBreaching']));
  });

  it('have metrics of resources of the stack, or counters that the functions have', () => {
    const { template } = synthesize();
    const ids = new Set(Object.keys(template.toJSON().Resources));
    const references = (value: unknown): unknown[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, child]) =>
            key === 'Ref' ? [child] : key === 'Fn::GetAtt' ? [child[0]] : references(child),
          );

    for (const [name, alarm] of alarmsOf(synthesize())) {
      const metrics = alarm.Metrics?.flatMap(({ MetricStat }: Properties) => MetricStat?.Metric ?? []) ?? [
        alarm,
      ];
      for (const { Namespace, MetricName, Dimensions } of metrics) {
        if (Namespace === 'WebhookFanout') {
          expect(COUNTER_NAMES, name).toContain(MetricName);
          expect(Dimensions, name).toEqual([{ Name: 'deployment', Value: DEPLOYMENT }]);
          continue;
        }
        const referred = references(Dimensions);
        expect(referred.length, name).toBeGreaterThan(0);
        expect(
          referred.filter((id) => !ids.has(String(id))),
          name,
        ).toEqual([]);
      }
    }
  });

  it('count what the functions of this deployment count', () => {
    const { functionProperties } = synthesize();

    expect(functionProperties('first').Environment.Variables.DEPLOYMENT).toBe(DEPLOYMENT);
    expect(functionProperties('serve-api').Environment.Variables.DEPLOYMENT).toBe(DEPLOYMENT);
  });

  it('name the rule as CloudWatch does: on a bus of its own with the bus, on the default bus alone', () => {
    const dimensions = alarmsOf(synthesize()).get('bus-lost-domain-events')?.Dimensions;
    const onDefaultBus = synthesize((stack) => ({
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'default'),
    }));

    expect(dimensions).toEqual([
      { Name: 'EventBusName', Value: { Ref: expect.any(String) } },
      { Name: 'RuleName', Value: { 'Fn::Select': [1, { 'Fn::Split': ['|', { Ref: expect.any(String) }] }] } },
    ]);
    expect(alarmsOf(onDefaultBus).get('bus-lost-domain-events')?.Dimensions).toEqual([
      { Name: 'RuleName', Value: { Ref: expect.any(String) } },
    ]);
  });

  it('of each retry queue, and of concurrency, follow the schedule and the caps', () => {
    const alarms = alarmsOf(
      synthesize({
        retryDelays: [10, 300, 3600].map((seconds) => Duration.seconds(seconds)),
        concurrency: { first: 2, retry: 10 },
      }),
    );

    expect(alarms.get('late-retry-2')?.Threshold).toBe(420);
    expect(alarms.has('late-retry-3')).toBe(false);
    expect(alarms.get('concurrency-retry')?.Threshold).toBe(15);
    expect(alarms.get('concurrency-first')?.Threshold).toBe(2);
  });

  it('notify nobody by default, and by their severity when topics are given', () => {
    const silent = alarmsOf(synthesize());
    const alarms = alarmsOf(
      synthesize((stack) => ({
        alarms: {
          pageTopic: new Topic(stack, 'OnCall'),
          ticketActions: [{ bind: () => ({ alarmActionArn: 'arn:own' }) }],
        },
      })),
    );

    expect([...silent.values()].filter(({ AlarmActions }) => AlarmActions !== undefined)).toEqual([]);
    expect(alarms.get('poison')?.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^OnCall/) }]);
    expect(alarms.get('poison')?.OKActions).toEqual(alarms.get('poison')?.AlarmActions);
    expect(alarms.get('undispatched')?.AlarmActions).toEqual(['arn:own']);
  });

  it('have thresholds of the operator, and are off when the operator turns them off', () => {
    const some = alarmsOf(
      synthesize({ alarms: { thresholds: { 'late-events': 300 }, disabled: ['api-latency'] } }),
    );
    const none = synthesize({ alarms: { enabled: false } });

    expect(some.get('late-events')?.Threshold).toBe(300);
    expect(some.has('api-latency')).toBe(false);
    expect(some.size).toBe(Object.keys(EXPECTED).length - 1);
    expect(none.resources('AWS::CloudWatch::Alarm')).toEqual([]);
  });

  it('name the address of the runbook that the operator gave', () => {
    const alarms = alarmsOf(synthesize({ alarms: { runbookUrl: 'https://wiki.example/r' } }));

    expect(alarms.get('late-slow')?.AlarmDescription).toMatch(/ https:\/\/wiki\.example\/r#late$/);
  });
});

describe('the runbook', () => {
  const RUNBOOK = readFileSync('docs/runbook.md', 'utf8');
  const articles = RUNBOOK.split(/^### /m)
    .slice(1)
    .map((text) => ({ name: text.slice(0, text.indexOf('\n')), text: text.split(/^## /m)[0] ?? '' }));

  it('has an article for each alarm, and an alarm for each article', () => {
    const linked = [...alarmsOf(synthesize({ canary: true })).values()].map(
      ({ AlarmDescription }) => /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription)?.[1],
    );

    expect(articles.map(({ name }) => name).sort()).toEqual([...new Set(linked)].sort());
  });

  it('says in each article what the alarm means, how to investigate and how to resolve it', () => {
    for (const { name, text } of articles) {
      for (const part of ['**Means.**', '**Investigate.**', '**Resolve.**'])
        expect(text, name).toContain(part);
    }
  });

  it('lists each alarm with its severity', () => {
    for (const [name, alarm] of alarmsOf(synthesize())) {
      const severity = alarm.AlarmDescription.split(':')[0].toLowerCase();
      const kind = name.replace(/^late-retry-\d$/, 'late-retry-n');
      expect(RUNBOOK, name).toMatch(new RegExp(`\\| \`${kind}\` \\|.*\\| ${severity} \\|`));
    }
  });
});
