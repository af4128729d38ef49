import type { Measurement } from '../calls/measure.ts';
import type { BenchRow } from '../shared/rows.ts';

/** A row of the suite. Its figure has a target, or the row states a figure beside one that has. */
export interface SuiteRow extends BenchRow {
  /** Whether the figure is a count, the same on every machine: `--gate` checks it. Default: false. */
  readonly exact?: boolean;
}

export interface Outcome {
  readonly rows: readonly SuiteRow[];
  /** Figures behind the rows, as text. */
  readonly details?: string;
  /** Why the figures are not valid, such as a lost delivery. With any of them, every row misses its target. */
  readonly failures: readonly string[];
}

/** What the benchmarks of one run share. */
export interface SuiteContext {
  /** Whether to measure less: shorter, with fewer rounds. Figures of time have a wider spread then. */
  readonly quick: boolean;
  /** The synthesized app, which allows endpoints on loopback. */
  readonly assemblyDirectory: string;
  readonly progress: (text: string) => void;
  /** Metered traffic at fan-out 1, 10 and 100. Measured at the first call, and shared by all benchmarks. */
  readonly measureTraffic: () => Promise<readonly Measurement[]>;
}

export interface Benchmark {
  /** As in `npm run bench -- <name>`. */
  readonly name: string;
  /** What it measures and how, in one sentence. */
  readonly measures: string;
  /** Whether it has rows that `--gate` checks. */
  readonly hasExactRows: boolean;
  run(context: SuiteContext): Promise<Outcome>;
}
