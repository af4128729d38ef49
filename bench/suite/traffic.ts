import type { Measurement } from '../calls/measure.ts';
import { measureAllCalls } from '../calls/measure-all.ts';
import { callsPerDelivery } from '../calls/report.ts';
import type { SuiteContext } from './benchmark.ts';

/** Response time of the endpoints. */
const ANSWER_MS = 100;
const FULL = { thinSeconds: 20, backlogSeconds: 60 };
/** A message that waits for 3 s is old enough for every check that a longer backlog causes. */
const QUICK = { thinSeconds: 5, backlogSeconds: 3, roundsShare: 0.2 };

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
    onMeasured: (one) => progress(`  ${one.name}: ${callsPerDelivery(one).toFixed(2)} calls a delivery`),
  });
}
