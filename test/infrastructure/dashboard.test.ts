import { describe, expect, it } from 'vitest';
import { costLines } from '../../lib/shared/cost-expressions.ts';
import { type Properties, synthesize } from './synthesize.ts';

/** The widgets, with `token` for what is known at deployment. */
function widgetsOf(body: unknown): Properties[] {
  const text =
    typeof body === 'string'
      ? body
      : (body as Properties)['Fn::Join'][1]
          .map((part: unknown) => (typeof part === 'string' ? part : 'token'))
          .join('');
  return JSON.parse(text).widgets;
}

const [dashboard, ...others] = synthesize().resources('AWS::CloudWatch::Dashboard');
const widgets = widgetsOf(dashboard?.DashboardBody);

describe('the dashboard', () => {
  it('exists once, and shows every alarm', () => {
    const [status] = widgets;

    expect(others).toEqual([]);
    expect(status?.properties.alarms).toHaveLength(synthesize().resources('AWS::CloudWatch::Alarm').length);
  });

  it('shows each subject', () => {
    expect(widgets.map(({ properties }) => properties.title)).toEqual([
      'Alarms',
      'Events',
      'Deliveries',
      'Success rate',
      'Latency from publish to receipt, milliseconds',
      'Failed attempts by class',
      'Concurrency, percent of the cap',
      'Backlog: messages',
      'Age of the oldest message, seconds',
      'Messages that wait for an operator',
      'Cost by line, dollars an hour',
    ]);
  });

  it('counts the deliveries of each final status', () => {
    const deliveries = widgets.find(({ properties }) => properties.title === 'Deliveries');
    const names = deliveries?.properties.metrics.map(([, name]: readonly string[]) => name);

    expect(names).toEqual(['delivered', 'exhausted', 'canceled', 'held']);
  });

  it('shows the latency of each lane with its percentiles', () => {
    const latency = widgets.find(({ properties }) => properties.title.startsWith('Latency'));

    expect(latency?.properties.metrics.slice(0, 2)).toEqual([
      [
        'WebhookFanout',
        'latency',
        'deployment',
        'Shop/Fanout',
        'lane',
        'first',
        { label: 'first p50', stat: 'p50' },
      ],
      [
        'WebhookFanout',
        'latency',
        'deployment',
        'Shop/Fanout',
        'lane',
        'first',
        { label: 'first p99', stat: 'p99' },
      ],
    ]);
  });

  it('has saved queries of the logs of the lanes', () => {
    const queries = synthesize().resources('AWS::Logs::QueryDefinition');
    const webhooks = queries.find(({ Name }) => Name === 'Shop/Fanout/top webhooks by failures');

    expect(queries).toHaveLength(4);
    expect(webhooks?.LogGroupNames).toHaveLength(3);
    expect(webhooks?.QueryString).toContain("filter message = 'an attempt failed'");
    expect(webhooks?.QueryString).toContain('by account_id, webhook_id');
  });

  it('and the queries do not exist when the operator turned them off', () => {
    const { resources } = synthesize({ dashboard: false });

    expect(resources('AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(resources('AWS::Logs::QueryDefinition')).toEqual([]);
  });
});

/** Calculates a line: its only functions are FILL and IF, and its operators are those of JavaScript. */
function evaluate(expression: string, values: Readonly<Record<string, number>>): number {
  const names = Object.keys(values);
  const body = expression.replaceAll(/\bIF\(/g, 'choose(').replaceAll(/\bFILL\((\w+), 0\)/g, '$1');
  const choose = (condition: boolean, a: number, b: number) => (condition ? a : b);
  return new Function('choose', ...names, `return ${body}`)(choose, ...Object.values(values));
}

describe('the cost', () => {
  const lines = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      costLines({
        events: 'events',
        functions: [
          { invocations: 'dispatches', duration: 'dispatching', memoryMb: 512, isPolled: true },
          { invocations: 'requests', duration: 'serving', memoryMb: 256, isPolled: false },
        ],
        firstMessages: 'first',
        dispatches: 'dispatches',
        otherMessages: ['retries'],
        emptyReceives: ['empty'],
        writeUnits: ['writes'],
        readUnits: ['reads'],
        apiRequests: 'requests',
        logBytes: ['bytes'],
      }).map(({ name, expression }) => [name, evaluate(expression, values)]),
    );
  const usage = {
    events: 1_000_000,
    dispatches: 100_000,
    dispatching: 10_000_000,
    requests: 1_000_000,
    serving: 0,
    first: 1_000_000,
    retries: 0,
    empty: 0,
    writes: 1_000_000,
    reads: 1_000_000,
    bytes: 1024 ** 3,
  };

  it('of a million events in full batches is that of the price list', () => {
    const cost = lines(usage);

    expect(cost.EventBridge).toBeCloseTo(1, 6);
    expect(cost['Lambda requests']).toBeCloseTo(0.22, 6);
    expect(cost['Lambda time']).toBeCloseTo(10_000 * 0.5 * 0.0000133334, 6);
    // The bus sends each event; a batch of ten is received, deleted and sent on by a call each.
    expect(cost.SQS).toBeCloseTo((1_000_000 + 3 * 100_000) * 0.4e-6, 6);
    expect(cost['DynamoDB writes']).toBeCloseTo(0.625, 6);
    expect(cost['DynamoDB reads']).toBeCloseTo(0.125, 6);
    expect(cost['HTTP API']).toBeCloseTo(1, 6);
    expect(cost.Logs).toBeCloseTo(0.5, 6);
  });

  it.each([
    ['one message of each invocation', 100_000, 100_000],
    ['fewer messages than invocations', 40_000, 40_000],
    ['a large fan-out', 5_000_000, 500_000],
  ])('of calls to the first lane follows the messages: %s', (_, first, calls) => {
    const withoutFirst = lines({ ...usage, first: 0 }).SQS ?? 0;

    expect((lines({ ...usage, first }).SQS ?? 0) - withoutFirst).toBeCloseTo(calls * 0.4e-6, 9);
  });

  it('has no number that metric math would read as the id of a metric', () => {
    const cost = widgets
      .at(-1)
      ?.properties.metrics.flatMap((metric: Properties[]) => metric[0]?.expression ?? []);

    expect(cost).toHaveLength(8);
    for (const expression of cost) expect(expression).not.toMatch(/\de[-+]?\d/);
  });
});
