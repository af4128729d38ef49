import { ISOLATION_LOAD } from '../../measurement/isolation-load.ts';
import { measureIsolation } from '../isolation/measure.ts';
import { formatIsolation, reportOf } from '../isolation/report.ts';
import type { Benchmark } from '../suite/benchmark.ts';

const PAIRS = 2;
/** The target is for the time from a minute after the onset. */
const SETTLE_SECONDS = 60;
const MEASURED_SECONDS = 20;
/** Attempts that are open at the onset end within 30 s. The measured time begins after them. */
const QUICK_SETTLE_SECONDS = 32;
const QUICK_MEASURED_SECONDS = 6;
/** A load that is smaller than the capacity of four environments. */
const QUICK_EVENTS_PER_SECOND = 50;
/** The settle time of the pair with one hanging endpoint. Only the length of its onset is reported. */
const ONE_HANGING_SETTLE_SECONDS = 10;

export const isolation: Benchmark = {
  name: 'isolation',
  measures:
    'latency and Lambda time of healthy deliveries while 5 of 100 endpoints hang, over a run without them',
  hasExactRows: false,
  async run({ assemblyDirectory, quick, progress }) {
    const load = {
      assemblyDirectory,
      neededEnvironments: ISOLATION_LOAD.neededEnvironments,
      headroom: ISOLATION_LOAD.headroom,
      endpoints: ISOLATION_LOAD.endpoints,
      answerMs: ISOLATION_LOAD.responseMs,
      warmUpSeconds: quick ? 4 : 10,
      ...(quick ? { eventsPerSecond: QUICK_EVENTS_PER_SECOND } : {}),
      measuredSeconds: quick ? QUICK_MEASURED_SECONDS : MEASURED_SECONDS,
      onProgress: (text: string) => progress(`  ${text}`),
    };
    const five = await measureIsolation({
      ...load,
      pairs: quick ? 1 : PAIRS,
      hanging: ISOLATION_LOAD.hanging,
      settleSeconds: quick ? QUICK_SETTLE_SECONDS : SETTLE_SECONDS,
    });
    const reports = [reportOf(five)];
    if (!quick) {
      const one = await measureIsolation({
        ...load,
        pairs: 1,
        eventsPerSecond: five.eventsPerSecond,
        hanging: 1,
        settleSeconds: ONE_HANGING_SETTLE_SECONDS,
      });
      reports.push(reportOf(one));
    }
    const [first, second] = reports;
    return {
      rows: [
        ...(first?.rows ?? []),
        // Only the durations have a target for one hanging endpoint: the measured time begins earlier.
        ...(second?.rows ?? []).filter(({ name }) => name.includes('1 % hanging')),
      ],
      details: reports.map(formatIsolation).join('\n\n'),
      failures: reports.flatMap(({ failures }) => failures),
    };
  },
};
