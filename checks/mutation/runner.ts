import {
  type RunnerTask,
  type RunnerTestCase,
  type RunnerTestFile,
  TestRunner,
  type TestTryOptions,
} from 'vitest';
import { activate, deactivate } from './active-mutant.ts';
import { type FileReport, openResults, resultsDirectory, type Selection } from './results.ts';
import { withTimeLimit } from './time-limit.ts';

/** A test fails when it takes longer with a mutant than this, and than `SLOWDOWN` times its normal time. */
const MIN_TIME_LIMIT_MS = 1_500;
const SLOWDOWN = 5;
/** The original code hangs only when its instrumented form is not equivalent. */
const ORIGINAL_TIME_LIMIT_MS = 120_000;
/**
 * Tests that take longer are slow. They run after the quick ones, with the mutants that survived these. A mutant that
 * survives two of them is not run by the others of the file.
 */
const SLOW_TEST_MS = 300;
const MAX_SLOW_RUNS = 2;

/** What the next run of a test shows. */
type Phase = { name: 'original' } | { name: 'mutant'; id: number } | { name: 'verify'; killed: number };

/**
 * Runs each test once with the original code, which shows the mutants that it reaches, and then once for each of
 * these mutants, in the same worker. After a failure the original code must pass again. Else the mutant has changed
 * the state of the worker, and its result is uncertain.
 */
export default class MutationRunner extends TestRunner {
  readonly #results = openResults(resultsDirectory());
  readonly #reached = new Set<number>();
  readonly #outside = new Set<number>();
  readonly #uncertain = new Set<number>();
  readonly #failing: string[] = [];
  readonly #slow: string[] = [];
  #tests: Selection['tests'] = 'all';
  #selectedIds: ReadonlySet<number> | undefined;
  /** The only tests of this file that run. Default: all. */
  #titles: ReadonlySet<string> | undefined;
  #phase: Phase = { name: 'original' };
  readonly #slowRuns = new Map<number, number>();
  #isSlow = false;
  #queue: number[] = [];
  #timeLimitMs = MIN_TIME_LIMIT_MS;
  #startedAt = 0;

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file);
    const { ids, tests } = this.#results.selection();
    this.#tests = tests;
    this.#selectedIds = ids === undefined ? undefined : new Set(ids);
    this.#titles = typeof tests === 'object' ? new Set(tests[file.filepath]) : undefined;
    deactivate((id) => this.#outside.add(id));
  }

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    await super.onBeforeRunTask(test);
    this.#phase = { name: 'original' };
    if (test.type !== 'test') return;
    test.repeats = Number.MAX_SAFE_INTEGER;
    if (this.#titles?.has(test.fullName) === false) test.mode = 'skip';
  }

  override onBeforeTryTask(test: RunnerTask, options: TestTryOptions): void {
    super.onBeforeTryTask(test, options);
    if (test.type !== 'test') return;
    if (this.#phase.name === 'original') {
      const reached = new Set<number>();
      this.#queue = [];
      deactivate((id) => {
        if (reached.has(id)) return;
        reached.add(id);
        this.#reached.add(id);
        this.#queue.push(id);
      });
    } else if (this.#phase.name === 'verify') deactivate();
    else {
      const id = this.#nextMutant();
      // Ends the repetitions of the test.
      if (id === undefined) test.context.skip();
      else {
        this.#phase = { name: 'mutant', id };
        if (this.#isSlow) this.#slowRuns.set(id, (this.#slowRuns.get(id) ?? 0) + 1);
        activate(id, this.#timeLimitMs);
      }
    }
    this.#startedAt = performance.now();
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const limitMs = this.#phase.name === 'original' ? ORIGINAL_TIME_LIMIT_MS : this.#timeLimitMs;
    await withTimeLimit(Promise.resolve(TestRunner.getTestFn(test)()), limitMs);
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    await super.onAfterRetryTask(test, options);
    const hasFailed = test.result?.state === 'fail';
    deactivate((id) => this.#outside.add(id));
    this.#takeResult(test.fullName, hasFailed);
    if (test.result !== undefined) {
      test.result.errors = [];
      test.result.attempts = [];
    }
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    const report: FileReport = {
      file: files[0]?.filepath ?? '',
      reachedByTests: [...this.#reached],
      reachedOutside: [...this.#outside],
      uncertain: [...this.#uncertain],
      failing: this.#failing,
      slow: this.#slow,
    };
    this.#results.report(report);
  }

  #nextMutant(): number | undefined {
    let id = this.#queue.shift();
    while (id !== undefined && !this.#isOpen(id)) id = this.#queue.shift();
    return id;
  }

  #isOpen(id: number): boolean {
    if (this.#isSlow && (this.#slowRuns.get(id) ?? 0) >= MAX_SLOW_RUNS) return false;
    return this.#selectedIds?.has(id) !== false && !this.#results.isKilled(id);
  }

  #takeResult(title: string, hasFailed: boolean): void {
    const phase = this.#phase;
    const durationMs = performance.now() - this.#startedAt;
    switch (phase.name) {
      case 'original':
        if (hasFailed) {
          this.#failing.push(title);
          for (const id of this.#queue.splice(0)) this.#uncertain.add(id);
        }
        this.#isSlow = durationMs > SLOW_TEST_MS;
        if (this.#isSlow && this.#tests === 'quick') {
          this.#slow.push(title);
          this.#queue = [];
        }
        this.#timeLimitMs = Math.max(MIN_TIME_LIMIT_MS, SLOWDOWN * durationMs);
        this.#phase = { name: 'mutant', id: 0 };
        break;
      case 'mutant':
        if (hasFailed) this.#phase = { name: 'verify', killed: phase.id };
        break;
      case 'verify':
        if (hasFailed) for (const id of [phase.killed, ...this.#queue.splice(0)]) this.#uncertain.add(id);
        else this.#results.kill(phase.killed, title);
        this.#phase = { name: 'mutant', id: 0 };
        break;
    }
  }
}
