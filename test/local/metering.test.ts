import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../local/aws-calls.ts';
import { costOf } from '../../local/metering/cost.ts';
import { formatMeter } from '../../local/metering/format.ts';
import { createMeter } from '../../local/metering/meter.ts';

const KIB = 1024;
const NO_UNITS = { read: 0, write: 0 };

const aCall = (
  service: AwsCall['service'],
  action: string,
  input: Record<string, unknown> = {},
): AwsCall => ({
  ...{ principal: 'sender', service, action, input },
});
const lineOf = (call: AwsCall, output?: Record<string, unknown>) => {
  const meter = createMeter();
  meter.awsCall(call, { units: NO_UNITS, ...(output === undefined ? {} : { output }) });
  return meter.snapshot().calls[0];
};
const dollarsOf = (meter: ReturnType<typeof createMeter>, name: string): number | undefined =>
  costOf(meter.snapshot()).lines.find((line) => line.name === name)?.dollars;

describe('counting calls', () => {
  it('counts entries, and one SQS request for each 64 KiB of a batch', () => {
    const entries = (count: number, bytes: number) =>
      Array.from({ length: count }, (_, i) => ({ Id: `${i}`, MessageBody: 'x'.repeat(bytes) }));

    const small = lineOf(aCall('sqs', 'SendMessageBatch', { Entries: entries(10, KIB) }));
    const large = lineOf(aCall('sqs', 'SendMessageBatch', { Entries: entries(10, 64 * KIB) }));

    expect([small, large]).toMatchObject([
      { calls: 1, entries: 10, chunks: 1 },
      { calls: 1, entries: 10, chunks: 10 },
    ]);
  });

  it('counts received messages, and an empty receive as one request', () => {
    const receive = aCall('sqs', 'ReceiveMessage', { MaxNumberOfMessages: 10 });

    const full = lineOf(receive, { Messages: [{ Body: 'x'.repeat(65 * KIB) }, { Body: 'y' }] });
    const empty = lineOf(receive, {});

    expect([full, empty]).toMatchObject([
      { entries: 2, chunks: 2 },
      { entries: 0, chunks: 1 },
    ]);
  });

  it('counts 64 KiB chunks for each event separately', () => {
    const entry = (bytes: number) => ({ Source: 's', DetailType: 't', Detail: 'x'.repeat(bytes) });

    expect(lineOf(aCall('events', 'PutEvents', { Entries: [entry(10), entry(65 * KIB)] }))).toMatchObject({
      entries: 2,
      chunks: 3,
    });
  });

  it('counts the items of batch calls', () => {
    const write = aCall('dynamodb', 'BatchWriteItem', { RequestItems: { A: [{}, {}], B: [{}] } });
    const read = aCall('dynamodb', 'BatchGetItem', {
      RequestItems: { A: { Keys: [{}, {}] }, B: { Keys: [{}] } },
    });

    expect([lineOf(write)?.entries, lineOf(read)?.entries]).toEqual([3, 3]);
  });

  it('counts each caller separately, adds up, and starts again after a reset', () => {
    const meter = createMeter();
    meter.awsCall(aCall('kms', 'Decrypt'), { units: NO_UNITS });
    meter.awsCall(aCall('kms', 'Decrypt'), { units: NO_UNITS });
    meter.awsCall({ ...aCall('kms', 'Decrypt'), principal: 'api' }, { units: NO_UNITS });
    const before = meter.snapshot();

    meter.reset();

    expect(before.calls.map(({ principal, calls }) => [principal, calls])).toEqual([
      ['api', 1],
      ['sender', 2],
    ]);
    expect(meter.snapshot().calls).toEqual([]);
  });
});

describe('cost', () => {
  it('uses the list prices for a million of each', () => {
    const meter = createMeter();
    const million = 1_000_000;
    meter.awsCall(aCall('dynamodb', 'PutItem'), { units: { read: million, write: million } });
    meter.logBytes(1024 ** 3);
    for (let i = 0; i < 1_000; i++) meter.httpApiRequest(0);
    meter.awsCall(aCall('kms', 'Decrypt'), { units: NO_UNITS });

    expect({
      writes: dollarsOf(meter, 'DynamoDB writes'),
      reads: dollarsOf(meter, 'DynamoDB reads'),
      logs: dollarsOf(meter, 'Logs'),
      api: dollarsOf(meter, 'HTTP API'),
      kms: dollarsOf(meter, 'KMS'),
    }).toEqual({
      writes: expect.closeTo(0.625),
      reads: expect.closeTo(0.125),
      logs: expect.closeTo(0.5),
      api: expect.closeTo(0.001),
      kms: expect.closeTo(0.000003, 9),
    });
  });

  it('rounds Lambda time up to the millisecond, INIT included', () => {
    const meter = createMeter();
    meter.lambda({ functionName: 'sender', durationMs: 99.2, initMs: 900.3, memoryMb: 256 });

    const [line] = meter.snapshot().functions;

    expect(line).toEqual({ functionName: 'sender', invocations: 1, coldStarts: 1, gbSeconds: 0.25 });
    expect(dollarsOf(meter, 'Lambda time')).toBeCloseTo(0.25 * 0.0000133334, 12);
  });

  it('bills the HTTP API by 512 KiB', () => {
    const meter = createMeter();
    meter.httpApiRequest(513 * KIB);

    expect(meter.snapshot().httpApi).toEqual({ requests: 1, chunks: 2 });
  });

  it('adds up its lines', () => {
    const meter = createMeter();
    meter.awsCall(aCall('sqs', 'DeleteMessage'), { units: NO_UNITS });
    meter.lambda({ functionName: 'sender', durationMs: 100, memoryMb: 256 });

    const { lines, totalDollars } = costOf(meter.snapshot());

    expect(totalDollars).toBeCloseTo(
      lines.reduce((sum, { dollars }) => sum + dollars, 0),
      15,
    );
    expect(totalDollars).toBeGreaterThan(0);
  });
});

describe('the printed meter', () => {
  it('contains the calls of each caller and their cost', () => {
    const meter = createMeter();
    for (let i = 0; i < 1_200; i++) meter.awsCall(aCall('sqs', 'DeleteMessage'), { units: NO_UNITS });
    meter.lambda({ functionName: 'SendFirst', durationMs: 100, memoryMb: 256, initMs: 50 });

    const text = formatMeter(meter.snapshot(), { nameOf: (id) => (id === 'sender' ? 'SendFirst' : id) });

    expect(text).toMatchInlineSnapshot(`
      "caller     action             calls  entries  billed
      SendFirst  sqs:DeleteMessage  1,200    1,200  1,200 requests
      SendFirst  lambda:invoked         1           0.03750 GB-s, 1 cold

      cost             quantity               dollars
      Lambda requests         1  requests  0.00000020
      Lambda time       0.03750  GB-s      0.00000050
      SQS                 1,200  requests  0.00048000
      total                                0.00048070"
    `);
  });
});
