import type { Measurement } from '../calls/measure.ts';
import { measureAllCalls } from '../calls/measure-all.ts';
import { callsPerDelivery } from '../calls/report.ts';
import type { SuiteContext } from './benchmark.ts';

/** Response time of the endpoints. */
const ANSWER_MS = 100;
const FULL = { thinSeconds: 20, backlogSeconds: 60 };
/** A message that waits for 2.5 s is old enough for every check that a longer backlog causes. */
const QUICK = { thinSeconds: 3, backlogSeconds: 2.5, roundsShare: 0.2 };
const QUICK_WARM_UP_EVENTS = 160;

/** The traffic of `npm run bench:calls`, which the benchmarks of work and cost evaluate. */
export function measureSharedTraffic({
  quick,
  assemblyDirectory,
  progress,
}: Omit<SuiteContext, 'measureTraffic'>): Promise<readonly Measurement[]> {
  return measureAllCalls({
    assemblyDirectory,
    answerMs: ANSWER_MS,
    options: quick ? QUICK : FULL,
    ...(quick ? { warmUpEvents: QUICK_WARM_UP_EVENTS } : {}),
    onMeasured: (one) =>
      progress(
        `  ${one.name}: ${callsPerDelivery(one).toFixed(2)} calls a delivery, ${one.coldStarts} cold starts`,
      ),
  });
}
