import type { MetricId } from '../metric-store.ts';
import type { MetricReport } from './metric-report.ts';

export interface InvocationResult {
  readonly durationMs: number;
  /** Whether the function threw or timed out, or its environment ended. */
  readonly failed: boolean;
}

export interface LambdaMetrics {
  /** Called when a function starts to run an event. Call the result at the end. */
  started(functionName: string): (result: InvocationResult) => void;
  /** An invocation that was refused because the function has no free concurrency. */
  throttled(functionName: string): void;
  /** Reports the running invocations of each function, at the end of a minute. */
  sample(report: MetricReport): void;
}

/** Values are added when an invocation ends; Lambda uses the time at which it was received. */
export function createLambdaMetrics(report: MetricReport): LambdaMetrics {
  const running = new Map<string, number>();
  const metricOf = (functionName: string, name: string): MetricId => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName },
  });
  const add = (functionName: string, name: string, value: number): void =>
    report(metricOf(functionName, name), value);

  return {
    started(functionName) {
      const concurrent = (running.get(functionName) ?? 0) + 1;
      running.set(functionName, concurrent);
      add(functionName, 'ConcurrentExecutions', concurrent);
      return ({ durationMs, failed }) => {
        running.set(functionName, (running.get(functionName) ?? 1) - 1);
        add(functionName, 'Invocations', 1);
        add(functionName, 'Errors', failed ? 1 : 0);
        add(functionName, 'Throttles', 0);
        add(functionName, 'Duration', durationMs);
      };
    },
    throttled: (functionName) => add(functionName, 'Throttles', 1),
    sample(reportSample) {
      for (const [functionName, concurrent] of running) {
        if (concurrent > 0) reportSample(metricOf(functionName, 'ConcurrentExecutions'), concurrent);
      }
    },
  };
}
