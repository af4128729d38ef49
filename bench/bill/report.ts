import prices from '../../local/metering/prices.json' with { type: 'json' };
import { count } from '../../measurement/format-number.ts';
import { formatTable, type TableStyle } from '../../measurement/text-table.ts';
import { type Bill, type BillOptions, billOf } from './bill.ts';
import {
  type Batches,
  eventsPerSecond,
  FULL_BATCHES,
  failuresOf,
  type Traffic,
  thinBatches,
  windowBatches,
} from './traffic.ts';
import { usageOf, type Via } from './usage.ts';

export interface BillInput {
  readonly events: number;
  readonly fanOut: number;
  readonly payloadBytes: number;
  readonly failureRate: number;
  readonly receiverMs: number;
}

/** One option, and what the month costs with it instead. */
export interface Alternative {
  readonly name: string;
  readonly totalDollars: number;
  readonly differenceDollars: number;
}

export interface MonthReport extends Bill {
  readonly input: BillInput;
  readonly dollarsPerMillionDeliveries: number;
  readonly alternatives: readonly Alternative[];
}

const DEPLOYED: BillOptions = { retentionDays: 30, pollers: 0 };
const MILLION = 1_000_000;

/** The bill when every event is received alone, and what each option would change. */
export function reportOfMonth(input: BillInput): MonthReport {
  const traffic: Traffic = {
    ...input,
    failedAttempts: failuresOf(input.events * input.fanOut, input.failureRate),
  };
  const thin = thinBatches(input.fanOut);
  const perSecond = eventsPerSecond(input.events);
  const price = (changes: {
    batches?: Batches;
    via?: Via;
    options?: Partial<BillOptions>;
    traffic?: Partial<Traffic>;
  }): Bill =>
    billOf(usageOf({ ...traffic, ...changes.traffic }, changes.batches ?? thin, changes.via), {
      ...DEPLOYED,
      ...changes.options,
    });
  const bill = price({});
  const alternative = (name: string, changes: Parameters<typeof price>[0]): Alternative => {
    const { totalDollars } = price(changes);
    return { name, totalDollars, differenceDollars: totalDollars - bill.totalDollars };
  };
  return {
    ...bill,
    input,
    dollarsPerMillionDeliveries: (bill.totalDollars / (input.events * input.fanOut)) * MILLION,
    alternatives: [
      alternative('events arrive in bursts: batches of ten', { batches: FULL_BATCHES }),
      alternative('events sent straight to the events queue, ten in a call', { via: 'queue' }),
      alternative('both', { batches: FULL_BATCHES, via: 'queue' }),
      alternative(`eventBatchingWindow = 1, with events at ${+perSecond.toPrecision(2)} a second`, {
        batches: windowBatches(input.fanOut, perSecond, 1),
      }),
      alternative('recordRetentionDays = 7', { options: { retentionDays: 7 } }),
      alternative('firstLanePollers = 2', { options: { pollers: 2 } }),
      alternative('endpoints that answer twice as fast', {
        traffic: { receiverMs: input.receiverMs / 2 },
      }),
      alternative('no attempt fails', { traffic: { failedAttempts: [] } }),
    ],
  };
}

export function formatMonth(report: MonthReport): string {
  const { input } = report;
  return [
    `${count(input.events)} events a month with ${input.fanOut} webhooks each: ` +
      `${count(input.events * input.fanOut)} deliveries of ${count(input.payloadBytes)} bytes. ` +
      `${+(input.failureRate * 100).toFixed(2)} % of the attempts fail. Endpoints answer in ${input.receiverMs} ms.`,
    `List prices of ${prices.region} on ${prices.as_of}, without free tiers. Every event is received alone.`,
    '',
    formatLines(report, 'text'),
    '',
    formatAlternatives(report, 'text'),
  ].join('\n');
}

/** The bill by line. `docs/cost.md` has this table. */
export function formatLines(report: MonthReport, style: TableStyle): string {
  const { input, lines, totalDollars, fixedDollars, dollarsPerMillionDeliveries } = report;
  return formatTable(
    {
      head: [`a month, ${count(input.events * input.fanOut)} deliveries`, 'quantity', '', 'dollars'],
      rows: [
        ...lines.map(({ name, quantity, unit, dollars }) => [
          name,
          quantity < 100 ? String(+quantity.toPrecision(3)) : count(quantity),
          unit,
          dollars.toFixed(2),
        ]),
        ['total', '', '', totalDollars.toFixed(2)],
        ['of it also without events', '', '', fixedDollars.toFixed(2)],
        ['for a million deliveries', '', '', dollarsPerMillionDeliveries.toFixed(2)],
      ],
      words: [0, 2],
    },
    style,
  );
}

/** What the month costs with each option. `docs/cost.md` has this table. */
export function formatAlternatives({ alternatives }: MonthReport, style: TableStyle): string {
  return formatTable(
    {
      head: ['with', 'dollars', 'difference'],
      rows: alternatives.map(({ name, totalDollars, differenceDollars }) => [
        name,
        totalDollars.toFixed(2),
        `${differenceDollars < 0 ? '' : '+'}${differenceDollars.toFixed(2)}`,
      ]),
      words: [0],
    },
    style,
  );
}

export function formatMarkdown(report: MonthReport): string {
  return `${formatLines(report, 'markdown')}\n\n${formatAlternatives(report, 'markdown')}`;
}
