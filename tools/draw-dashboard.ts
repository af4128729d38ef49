import { writeFileSync } from 'node:fs';
import { runScenario } from '../chaos/run-scenario.ts';
import { prepareSetup } from '../chaos/run-setup.ts';
import type { Answers, Scenario, WebhookSpec } from '../chaos/scenario.ts';
import { START } from '../chaos/simulation/virtual-time.ts';
import { type MetricWidget, parseDashboard, type Widget } from '../local/cloudwatch/dashboard.ts';
import { formatAlarmChange } from '../local/cloudwatch/format-alarm.ts';
import { compileQueries } from '../local/cloudwatch/metric-queries.ts';
import { type MetricStore, MINUTE_MS } from '../local/cloudwatch/metric-store.ts';
import { type Drawn, type DrawnWidget, renderDashboard } from './dashboard-svg.ts';

/**
 * `npm run draw-dashboard`: runs the functions for an hour of virtual time with traffic and an outage of DynamoDB,
 * evaluates the template's dashboard on the metrics of that hour, and writes it to `docs/dashboard.svg`. Two runs of the
 * same code write the same file.
 */
const OUTPUT = new URL('../docs/dashboard.svg', import.meta.url);
const HOUR_MS = 60 * MINUTE_MS;
const EVENT_EVERY_MS = 5_000;

const webhook = (answers: Answers): WebhookSpec => ({
  ...{ account: 0, events: '*', state: 'active', markedSlow: false, answers, answersElsewhere: ['ok'] },
});

/** Events for five endpoints, two of which answer some attempts with an error, and an outage of eight minutes. */
const TRAFFIC: Scenario = {
  webhooks: [
    webhook(['ok']),
    webhook(['ok']),
    webhook(['error', 'ok']),
    webhook(['busy', 'ok']),
    webhook(['slow']),
  ],
  extraWebhooks: 0,
  actions: Array.from({ length: HOUR_MS / EVENT_EVERY_MS - 1 }, (_, event) => ({
    ...{ do: 'publish', at: at(event), account: 0, event, type: 'file.uploaded', body: 0 },
  })),
  faults: [
    {
      fault: 'call',
      calls: ['dynamodb:*'],
      effects: [{ do: 'fail' }],
      when: { afterMs: 35 * MINUTE_MS, forMs: 8 * MINUTE_MS },
    },
  ],
  environments: 20,
};

/** The time of an event. Events are closest together in the middle of each quarter of an hour. */
function at(event: number): number {
  const evenly = (event + 1) * EVENT_EVERY_MS;
  return Math.round(evenly + 60_000 * Math.sin((evenly / HOUR_MS) * 8 * Math.PI) + 60_000);
}

const setup = await prepareSetup();
const [dashboard] = setup.stack.dashboards;
if (dashboard === undefined) throw new Error('the template has no dashboard; see the prop `dashboard`');
const began = new Set<string>();
const { usage } = await runScenario(TRAFFIC, {
  ...setup,
  onAlarmChange(change) {
    if (change.to === 'ALARM') began.add(change.alarm.name);
    const line = formatAlarmChange(change);
    if (line !== undefined) process.stderr.write(`${new Date(change.at).toISOString()} ${line}\n`);
  },
});
if (usage === undefined) throw new Error('the run has no metrics');
const { metrics } = usage.cloudwatch;
const drawn = parseDashboard(dashboard.body).map((widget) => fill(widget, metrics));
writeFileSync(OUTPUT, renderDashboard('An hour of traffic, with eight minutes without DynamoDB', drawn));

function fill(widget: Widget, store: MetricStore): Drawn {
  switch (widget.kind) {
    case 'metric':
      return evaluate(widget, store);
    case 'alarm':
      return { ...widget, began };
    default:
      return widget;
  }
}

/** The values of the hour, in the widget's period. */
function evaluate(widget: MetricWidget, store: MetricStore): DrawnWidget {
  const queries = compileQueries(widget.queries);
  const { periodMs } = widget;
  const periods = { end: START + HOUR_MS, periodMs, count: Math.floor(HOUR_MS / periodMs) };
  return {
    ...widget,
    values: widget.lines.map(({ id, label }) => ({ label, series: queries.read(id, store, periods) })),
  };
}
