import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../bench/calls/measure.ts';
import { callsPerDelivery, reportOf } from '../../bench/calls/report.ts';
import { checkArrivals } from '../../bench/shared/arrivals.ts';
import { countCalls } from '../../bench/shared/count-calls.ts';
import type { Receipt } from '../../bench/shared/endpoints.ts';
import { EVENTBRIDGE } from '../../local/aws-calls.ts';
import type { CallLine } from '../../local/metering/meter.ts';

const receipt = (number: number, endpoint: number): Receipt => ({
  ...{ number, endpoint },
  ...{ attempt: 1, status: 200, publishedAt: 0, receivedAt: 0 },
});

describe('the arrivals of a measurement', () => {
  const expected = [
    { number: 0, endpoints: [1, 2] },
    { number: 1, endpoints: [3] },
  ];
  const all = [receipt(0, 1), receipt(0, 2), receipt(1, 3)];

  it('have no failure when every delivery arrived exactly once', () => {
    expect(checkArrivals(expected, all)).toEqual([]);
  });

  it('have a failure when a delivery is lost', () => {
    expect(checkArrivals(expected, all.slice(1))).toEqual([
      '1 deliveries were lost, such as event 0 at endpoint 1',
    ]);
  });

  it('have a failure when a delivery arrives twice, also when another one is lost', () => {
    expect(checkArrivals(expected, [receipt(0, 1), receipt(0, 1), receipt(1, 3)])).toEqual([
      '1 deliveries were lost, such as event 0 at endpoint 2',
      '1 deliveries arrived more than once, such as event 0 at endpoint 1',
    ]);
  });

  it('have a failure when an endpoint receives an event of another account', () => {
    expect(checkArrivals(expected, [...all, receipt(1, 1)])).toEqual([
      '1 deliveries were not expected, such as event 1 at endpoint 1',
    ]);
  });
});

const line = (call: Pick<CallLine, 'principal' | 'service' | 'action' | 'calls'>, entries = 0): CallLine => ({
  ...call,
  ...{ entries, chunks: 0, readUnits: 0, writeUnits: 0 },
});

describe('the counted calls', () => {
  const counted = countCalls(
    {
      calls: [
        line({ principal: 'local', service: 'events', action: 'PutEvents', calls: 10 }, 100),
        line({ principal: EVENTBRIDGE, service: 'sqs', action: 'SendMessage', calls: 100 }),
        line({ principal: 'Shop-Dispatch', service: 'sqs', action: 'SendMessageBatch', calls: 20 }),
      ],
      functions: [{ functionName: 'Shop-Dispatch', invocations: 10, coldStarts: 0, gbSeconds: 1 }],
      httpApi: { requests: 0, chunks: 0 },
      logBytes: 0,
    },
    new Map([['Shop-Dispatch', 'dispatch']]),
  );

  it('are those of the publisher and of the functions, with one call for each event and each invocation', () => {
    expect(counted.filter((count) => count.counted)).toEqual([
      { caller: 'publisher', action: 'events:PutEvents, by event', calls: 100, counted: true },
      { caller: 'dispatch', action: 'sqs:SendMessageBatch', calls: 20, counted: true },
      { caller: 'dispatch', action: 'lambda:Invoke', calls: 10, counted: true },
    ]);
  });

  it("do not include the bus's send to a queue, which is listed separately", () => {
    expect(counted.filter((count) => !count.counted)).toEqual([
      { caller: 'bus', action: 'sqs:SendMessage', calls: 100, counted: false },
    ]);
  });
});

const measurement = (name: string, calls: number, failures: readonly string[] = []): Measurement => ({
  ...{ name, deliveries: 100, coldStarts: 0, failures },
  calls: [
    { caller: 'first', action: 'sqs:ReceiveMessage', calls, counted: true },
    { caller: 'bus', action: 'sqs:SendMessage', calls: 100, counted: false },
  ],
  cost: { lines: [], totalDollars: 0.00035 },
});

describe('the report', () => {
  it('divides the counted calls by the deliveries', () => {
    expect(callsPerDelivery(measurement('thin', 800))).toBe(8);
  });

  it('compares calls and dollars with their targets, and the backlog with full batches', () => {
    const { rows } = reportOf([measurement('fan-out 1', 391), measurement('backlog', 430)]);

    expect(rows).toEqual([
      { name: 'calls per delivery, fan-out 1', figure: '3.91', target: '<= 3.90', verdict: 'miss' },
      { name: 'dollars per million, fan-out 1', figure: '3.50', target: '<= 3.30', verdict: 'miss' },
      { name: 'calls per delivery, backlog', figure: '4.30', target: '<= 4.31', verdict: 'pass' },
      { name: 'dollars per million, backlog', figure: '3.50', target: '', verdict: '' },
    ]);
  });

  it('lists why a measurement is not valid', () => {
    expect(reportOf([measurement('thin', 800, ['thin: 1 deliveries were lost'])]).failures).toEqual([
      'thin: 1 deliveries were lost',
    ]);
  });
});
