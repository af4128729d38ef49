import { describe, expect, it } from 'vitest';
import { runScenario } from '../../chaos/run-scenario.ts';
import { START } from '../../chaos/simulation/virtual-time.ts';
import { parseDashboard } from '../../local/cloudwatch/dashboard.ts';
import { compileQueries } from '../../local/cloudwatch/metric-queries.ts';
import { costOf } from '../../local/metering/cost.ts';
import { MINUTE, requests, traffic } from './alarm-scenarios.ts';
import { setup } from './default-setup.ts';
import { scenario, webhook } from './scenarios.ts';

/** The dashboard's metrics are approximate: SQS counts messages, and bills calls. */
const TOLERANCE = 0.15;
const HOUR = 60 * MINUTE;

/** The dashboard's lines and the meter's, in dollars, for the same hour. */
async function costsOfAnHour(): Promise<{ dashboard: Map<string, number>; meter: Map<string, number> }> {
  const run = scenario({
    webhooks: [webhook(), webhook({ answers: ['error', 'ok'] }), webhook({ answers: ['slow'] })],
    extraWebhooks: 12,
    actions: [...traffic(5 * MINUTE, 5_000), ...requests(5 * MINUTE, MINUTE)],
  });
  const { usage } = await runScenario(run, { ...setup, onAlarmChange: () => undefined });
  if (usage === undefined) throw new Error('the run has no metrics');
  const widget = setup.stack.dashboards
    .flatMap(({ body }) => parseDashboard(body))
    .find(({ title }) => title.startsWith('Cost by line'));
  if (widget?.kind !== 'metric') throw new Error('the dashboard has no cost by line');
  const queries = compileQueries(widget.queries);
  const hour = { end: START + HOUR, periodMs: HOUR, count: 1 };
  const dollars = (id: string): number => queries.read(id, usage.cloudwatch.metrics, hour)[0] ?? 0;
  return {
    dashboard: new Map(widget.lines.map(({ id, label }) => [label, dollars(id)])),
    meter: new Map(costOf(usage.meter.snapshot()).lines.map((line) => [line.name, line.dollars])),
  };
}

describe('the cost by line on the dashboard', () => {
  it("is within 15 % of the meter's, in each line that was used", async () => {
    const { dashboard, meter } = await costsOfAnHour();
    const used = [...meter].filter(([name, dollars]) => dollars > 0 && name !== 'KMS');

    expect(used.map(([name]) => name)).toEqual(
      expect.arrayContaining(['EventBridge', 'Lambda time', 'SQS', 'DynamoDB writes', 'HTTP API']),
    );
    const ratios = used.map(([name, dollars]) => [name, (dashboard.get(name) ?? 0) / dollars] as const);
    const outside = ratios.filter(([, ratio]) => Math.abs(ratio - 1) > TOLERANCE);
    expect(outside).toEqual([]);
  });
});
