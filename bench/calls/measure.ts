import { type Cost, costOf } from '../../local/metering/cost.ts';
import { checkArrivals } from '../shared/arrivals.ts';
import { type CallCount, countCalls } from '../shared/count-calls.ts';
import { shortFunctionNames } from '../shared/lambda-seconds.ts';
import { startLoadedCloud } from '../shared/loaded-cloud.ts';
import { remainingMessages } from '../shared/remaining-messages.ts';
import { createReceiveControl } from './receive-control.ts';
import { ACCOUNTS, type Scenario, warmUpOf } from './scenarios.ts';
import { type Customer, createTraffic } from './traffic.ts';

const ENDPOINTS = 100;
/**
 * Environments of each function: enough that 1,000 deliveries are sent while they are fresh, and that no delivery of
 * thin traffic waits for an environment.
 */
const ENVIRONMENTS = 12;

export interface Measurement {
  readonly name: string;
  readonly deliveries: number;
  readonly calls: readonly CallCount[];
  readonly cost: Cost;
  readonly coldStarts: number;
  /** Why the figures are not valid. Empty when they are. */
  readonly failures: readonly string[];
}

export interface MeasureSettings {
  readonly assemblyDirectory: string;
  readonly answerMs: number;
  readonly scenarios: readonly Scenario[];
  /** Events at a time before the measurement. Default: 400. */
  readonly warmUpEvents?: number;
  readonly onMeasured?: (measurement: Measurement) => void;
}

export async function measureCalls(settings: MeasureSettings): Promise<Measurement[]> {
  const warmUp = warmUpOf(settings.scenarios, settings.warmUpEvents);
  const fanOuts = new Set([warmUp, ...settings.scenarios].map(({ fanOut }) => fanOut));
  const customers = [...fanOuts].flatMap((fanOut) =>
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
  const receives = createReceiveControl(loaded.cloud);
  const traffic = createTraffic({ loaded, receives, customers });

  const measure = async (scenario: Scenario): Promise<Measurement> => {
    const { cloud, endpoints, problems } = loaded;
    await receives.untilIdle();
    await endpoints.takeReceipts();
    cloud.meter.reset();
    const problemsBefore = problems.length;
    const { expected, receipts } = await traffic.run(scenario);
    await receives.untilIdle();
    const snapshot = cloud.meter.snapshot();
    return {
      name: scenario.name,
      deliveries: expected.reduce((total, event) => total + event.endpoints.length, 0),
      calls: countCalls(snapshot, shortFunctionNames(cloud)),
      cost: costOf(snapshot),
      coldStarts: snapshot.functions.reduce((total, { coldStarts }) => total + coldStarts, 0),
      failures: [
        ...checkArrivals(expected, [...receipts, ...(await endpoints.takeReceipts())]),
        ...remainingMessages(cloud),
        ...problems.slice(problemsBefore),
      ].map((failure) => `${scenario.name}: ${failure}`),
    };
  };

  try {
    await measure(warmUp);
    const measurements: Measurement[] = [];
    for (const scenario of settings.scenarios) {
      const measurement = await measure(scenario);
      measurements.push(measurement);
      settings.onMeasured?.(measurement);
    }
    return measurements;
  } finally {
    receives.allowAll();
    await loaded.close();
  }
}
