import { type Cost, costOf } from '../../local/metering/cost.ts';
import { shortFunctionNames } from '../shared/lambda-seconds.ts';
import { type LoadedCloud, startLoadedCloud } from '../shared/loaded-cloud.ts';
import { checkArrivals } from './arrivals.ts';
import { type CallCount, countCalls } from './count-calls.ts';
import { createReceiveGate } from './receive-gate.ts';
import { ACCOUNTS, FAN_OUTS, type Scenario, WARM_UPS } from './scenarios.ts';
import { type Customer, createTraffic } from './traffic.ts';

const ENDPOINTS = 100;
/** So many that 1,000 deliveries are sent while they are fresh, and that thin traffic never waits for one. */
const ENVIRONMENTS = 12;
export interface Measurement {
  readonly name: string;
  readonly deliveries: number;
  readonly calls: readonly CallCount[];
  readonly cost: Cost;
  readonly coldStarts: number;
  /** Why the figures are worthless; empty when they are not. */
  readonly failures: readonly string[];
}

export interface MeasureSettings {
  readonly assemblyDirectory: string;
  readonly answerMs: number;
  readonly scenarios: readonly Scenario[];
  readonly onMeasured?: (measurement: Measurement) => void;
}

export async function measureCalls(settings: MeasureSettings): Promise<Measurement[]> {
  const customers = FAN_OUTS.flatMap((fanOut) =>
    Array.from(
      { length: ACCOUNTS[fanOut] },
      (_, account): Customer => ({
        fanOut,
        endpoints: Array.from({ length: fanOut }, (_, webhook) => (account * fanOut + webhook) % ENDPOINTS),
      }),
    ),
  );
  const loaded = await startLoadedCloud({
    assemblyDirectory: settings.assemblyDirectory,
    environments: ENVIRONMENTS,
    endpoints: ENDPOINTS,
    answerMs: settings.answerMs,
    accounts: customers.map(({ endpoints }) => endpoints),
  });
  const gate = createReceiveGate(loaded.cloud);
  const traffic = createTraffic({ loaded, gate, customers });

  const measure = async (scenario: Scenario): Promise<Measurement> => {
    const { cloud, endpoints, problems } = loaded;
    await gate.quiet();
    await endpoints.takeReceipts();
    cloud.meter.reset();
    const problemsBefore = problems.length;
    const { expected, receipts } = await traffic.run(scenario);
    await gate.quiet();
    const snapshot = cloud.meter.snapshot();
    return {
      name: scenario.name,
      deliveries: expected.reduce((total, event) => total + event.endpoints.length, 0),
      calls: countCalls(snapshot, shortFunctionNames(cloud)),
      cost: costOf(snapshot),
      coldStarts: snapshot.functions.reduce((total, { coldStarts }) => total + coldStarts, 0),
      failures: [
        ...checkArrivals(expected, [...receipts, ...(await endpoints.takeReceipts())]),
        ...leftMessages(loaded),
        ...problems.slice(problemsBefore),
      ].map((failure) => `${scenario.name}: ${failure}`),
    };
  };

  try {
    for (const warmUp of WARM_UPS) await measure(warmUp);
    const measurements: Measurement[] = [];
    for (const scenario of settings.scenarios) {
      const measurement = await measure(scenario);
      measurements.push(measurement);
      settings.onMeasured?.(measurement);
    }
    return measurements;
  } finally {
    gate.open();
    await loaded.close();
  }
}

/** A message that is left, on a dead-letter queue or elsewhere, is a delivery or an event that is not done. */
function leftMessages({ cloud }: LoadedCloud): string[] {
  return cloud.queues.queues().flatMap(({ name, url }) => {
    const { visible, inFlight, delayed } = cloud.queues.counts(url);
    const left = visible + inFlight + delayed;
    return left === 0 ? [] : [`${left} messages are left on ${name}`];
  });
}
