import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createObservability, type Observability } from '../../lambdas/shared/runtime/observability.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function observe(): Observability {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'WebhookFanout');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'send-delivery');
  // With it, Powertools writes through the console that a test can see.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  return createObservability();
}

/** A function that says and counts something, as every one of ours does. */
function handlerOf({ logger, log, counters, publishMetrics }: Observability) {
  return middy<string, string>()
    .use(injectLambdaContext(logger))
    .use(publishMetrics)
    .handler(async (event) => {
      for (const level of ['info', 'warn', 'error'] as const) log[level](`a line of ${level}`);
      counters.count('delivered');
      if (event === 'fail') throw new Error('our side is down');
      return 'delivered';
    });
}

const CONTEXT = { functionName: 'send-delivery', awsRequestId: 'request-1' } as Context;

/** The lines of metrics; nothing reaches the test's own output. */
function metricLines(): string[] {
  const lines: string[] = [];
  for (const method of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockReturnValue(undefined);
  vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  return lines;
}

describe('delivery', () => {
  it.each(['info', 'warn', 'error'] as const)(
    'goes on when a log line of %s cannot be written [FAULT-34]',
    async (level) => {
      const observability = observe();
      metricLines();
      vi.spyOn(observability.logger, level).mockImplementation(() => {
        throw new Error('the log stream is broken');
      });

      expect(await handlerOf(observability)('event', CONTEXT)).toBe('delivered');
    },
  );

  it.each(['addMetric', 'publishStoredMetrics'] as const)(
    'goes on when %s fails [FAULT-34]',
    async (method) => {
      const observability = observe();
      metricLines();
      vi.spyOn(observability.metrics, method).mockImplementation(() => {
        throw new Error('metrics are broken');
      });

      expect(await handlerOf(observability)('event', CONTEXT)).toBe('delivered');
    },
  );
});

describe('what was counted', () => {
  it.each(['event', 'fail'])(
    'is written once an invocation has ended, however it ended: %s',
    async (event) => {
      const lines = metricLines();

      await handlerOf(observe())(event, CONTEXT).catch(() => undefined);

      expect(lines.map((line) => JSON.parse(line).delivered)).toEqual([1]);
    },
  );

  it('has no ids among its dimensions', async () => {
    const lines = metricLines();

    await handlerOf(observe())('event', CONTEXT);

    const [directive] = JSON.parse(lines[0] ?? '{}')._aws.CloudWatchMetrics;
    expect(directive.Dimensions).toEqual([['service']]);
  });
});
