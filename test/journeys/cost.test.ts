import { expect, it } from 'vitest';
import { usageOf } from '../../bench/bill/usage.ts';
import { createReceiveControl } from '../../bench/calls/receive-control.ts';
import { payloadText } from '../../bench/shared/payload.ts';
import { costOf } from '../../local/metering/cost.ts';
import { startJourney } from './support/journey.ts';

const EVENTS = 4;
const FAN_OUT = 3;
const PAYLOAD_BYTES = 2_048;

it("the formula of npm run cost has the meter's counts of a real run, with retries", async () => {
  const journey = await startJourney();
  // The deliveries of an event are received together, however slow the machine is: the formula contains only the mean
  // batch size.
  const receives = createReceiveControl(journey.cloud);
  receives.allowFullBatches();
  try {
    // The first attempts of every other event fail.
    const customer = await journey.startCustomer(({ body, headers }) => {
      const { n } = JSON.parse(body.toString()).data;
      return { status: n % 2 === 0 && headers['x-webhook-attempt'] === '1' ? 500 : 200 };
    });
    for (let webhook = 0; webhook < FAN_OUT; webhook += 1) {
      await journey.register({ url: customer.url(`/${webhook}`), events: ['file.uploaded'] });
    }
    const run = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        await journey.publish('file.uploaded', { data: { n, text: payloadText(PAYLOAD_BYTES - 20) } });
        await journey.untilIdle();
      }
    };
    // Environments that start read the keyring and decrypt the data key.
    await run(2);
    journey.cloud.meter.reset();

    await run(EVENTS);

    const metered = journey.cloud.meter.snapshot();
    const invocationsOf = (part: string): number => {
      const { name } = journey.cloud.findFunction(part).settings;
      return metered.functions.find(({ functionName }) => functionName === name)?.invocations ?? 0;
    };
    const deliveries = EVENTS * FAN_OUT;
    const retries = deliveries / 2;
    const usage = usageOf(
      {
        events: EVENTS,
        fanOut: FAN_OUT,
        payloadBytes: PAYLOAD_BYTES,
        receiverMs: 0,
        failedAttempts: [retries, 0, 0, 0],
      },
      {
        events: EVENTS / invocationsOf('DispatchEvent'),
        deliveries: deliveries / invocationsOf('FirstLane'),
        retries: retries / invocationsOf('RetryLane'),
      },
    );
    const quantity = (line: string): number | undefined =>
      costOf(metered).lines.find(({ name }) => name === line)?.quantity;
    expect({
      events: usage.eventChunks,
      invocations: usage.invocations,
      sqs: usage.sqsRequests,
      writes: usage.writeUnits,
      reads: usage.readUnits,
    }).toEqual({
      events: quantity('EventBridge'),
      invocations: expect.closeTo(quantity('Lambda requests') ?? Number.NaN),
      sqs: expect.closeTo(quantity('SQS') ?? Number.NaN),
      writes: quantity('DynamoDB writes'),
      reads: quantity('DynamoDB reads'),
    });
    // The lengths of numbers and ids in the metrics' lines differ.
    expect(usage.logBytes / metered.logBytes).toBeGreaterThan(0.8);
    expect(usage.logBytes / metered.logBytes).toBeLessThan(1.25);
  } finally {
    receives.allowAll();
    await journey.close();
  }
});
