import * as z from 'zod';
import type { MetricQuery } from './metric-queries.ts';

/** A graph or number of a CloudWatch dashboard, in the units of its grid: 24 columns. */
export interface MetricWidget {
  readonly kind: 'metric';
  readonly title: string;
  readonly place: Place;
  readonly view: 'timeSeries' | 'singleValue';
  readonly isStacked: boolean;
  readonly periodMs: number;
  readonly queries: readonly MetricQuery[];
  /** The visible lines, by the ids of their queries. */
  readonly lines: readonly { readonly id: string; readonly label: string }[];
}

/** The states of alarms. */
export interface AlarmWidget {
  readonly kind: 'alarm';
  readonly title: string;
  readonly place: Place;
  /** The names of the alarms. */
  readonly alarms: readonly string[];
}

/** A widget without metrics: its text, or the title of a log query. */
export interface OtherWidget {
  readonly kind: 'text' | 'other';
  readonly title: string;
  readonly place: Place;
}

export type Widget = MetricWidget | AlarmWidget | OtherWidget;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PlaceFields = { x: z.number(), y: z.number(), width: z.number(), height: z.number() };
const Options = z.looseObject({
  id: z.string().optional(),
  label: z.string().optional(),
  stat: z.string().optional(),
  expression: z.string().optional(),
  visible: z.boolean().default(true),
  period: z.number().optional(),
});
const MetricProperties = z.looseObject({
  title: z.string().default(''),
  view: z.string().default('timeSeries'),
  stacked: z.boolean().default(false),
  stat: z.string().default('Average'),
  period: z.number().default(300),
  metrics: z.array(z.array(z.union([z.string(), Options]))).default([]),
});
const Body = z.looseObject({
  widgets: z.array(
    z.looseObject({
      type: z.string(),
      ...PlaceFields,
      properties: z.looseObject({
        title: z.string().optional(),
        markdown: z.string().optional(),
        /** ARNs. */
        alarms: z.array(z.string()).optional(),
      }),
    }),
  ),
});

/** Reads the body of a dashboard. Throws an error that names what is not in CloudWatch's form. */
export function parseDashboard(body: string): Widget[] {
  return Body.parse(JSON.parse(body)).widgets.map(({ type, x, y, width, height, properties }): Widget => {
    const place = { x, y, width, height };
    if (type === 'metric') return { place, ...readMetricWidget(properties) };
    const { title = '', markdown, alarms } = properties;
    if (alarms !== undefined) return { kind: 'alarm', title, place, alarms: alarms.map(alarmName) };
    return markdown === undefined
      ? { kind: 'other', title, place }
      : { kind: 'text', title: markdown, place };
  });
}

/** `arn:aws:cloudwatch:<region>:<account>:alarm:<name>` */
function alarmName(arn: string): string {
  return arn.split(':').slice(6).join(':');
}

function readMetricWidget(properties: unknown): Omit<MetricWidget, 'place'> {
  const { title, view, stacked, stat, period, metrics } = MetricProperties.parse(properties);
  let previous: string[] = [];
  const read = metrics.map((parts, index) => {
    const options = Options.parse(parts.find((part) => typeof part !== 'string') ?? {});
    const { id = `line${index}`, expression, visible } = options;
    if (expression !== undefined) {
      const query: MetricQuery = { id, expression };
      return { query, visible, label: options.label ?? expression, period: options.period };
    }
    // `.` repeats the part of the metric before.
    const names = parts
      .filter((part) => typeof part === 'string')
      .map((part, position) => (part === '.' ? (previous[position] ?? '') : part));
    previous = names;
    const [namespace = '', name = '', ...pairs] = names;
    const dimensions: Record<string, string> = {};
    for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
    const query: MetricQuery = {
      id,
      metric: { namespace, name, dimensions },
      statistic: options.stat ?? stat,
    };
    return { query, visible, label: options.label ?? name, period: options.period };
  });
  return {
    kind: 'metric',
    title,
    view: view === 'singleValue' ? 'singleValue' : 'timeSeries',
    isStacked: stacked,
    periodMs: 1000 * (read.find((line) => line.period !== undefined)?.period ?? period),
    queries: read.map(({ query }) => query),
    lines: read.filter(({ visible }) => visible).map(({ query, label }) => ({ id: query.id, label })),
  };
}
