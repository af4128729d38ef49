import type { Benchmark } from '../suite/benchmark.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { cpu } from './cpu.ts';
import { fanOut } from './fan-out.ts';
import { isolation } from './isolation.ts';
import { latency } from './latency.ts';
import { retryStorm } from './retry-storm.ts';
import { sockets } from './sockets.ts';
import { work } from './work.ts';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  work,
  cost,
  cpu,
  latency,
  isolation,
  fanOut,
  coldStart,
  retryStorm,
  sockets,
];
