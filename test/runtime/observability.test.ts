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
  // With this variable, Powertools writes to the console, which the test replaces.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  return createObservability('Shop/Fanout', 'retry');
}

/** A handler that logs and counts, with the middlewares of the functions. */
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

/** Collects the lines of metrics, and suppresses all output. */
function metricLines(): string[] {
  const lines: string[] = [];
  for (const method of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockReturnValue(undefined);
  vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  return lines;
}

describe('delivery', () => {
  it.each(['info', 'warn', 'error'] as const)(
    'continues when a log line of level %s cannot be written [FAULT-34]',
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
    'continues when %s fails [FAULT-34]',
    async (method) => {
      const observability = observe();
      metricLines();
      vi.spyOn(observability.metrics.deployment, method).mockImplementation(() => {
        throw new Error('metrics are broken');
      });

      expect(await handlerOf(observability)('event', CONTEXT)).toBe('delivered');
    },
  );
});

describe('a counter', () => {
  it.each(['event', 'fail'])(
    'is written at the end of an invocation, also of a failed one: %s',
    async (event) => {
      const lines = metricLines();

      await handlerOf(observe())(event, CONTEXT).catch(() => undefined);

      expect(lines.map((line) => JSON.parse(line).delivered)).toEqual([1]);
    },
  );

  it('is written once for each invocation, with the sum of its counts', async () => {
    const lines = metricLines();
    const observability = observe();
    const handler = handlerOf(observability);

    observability.counters.count('delivered', 2);
    await handler('event', CONTEXT);
    await handler('event', CONTEXT);

    expect(lines.map((line) => JSON.parse(line).delivered)).toEqual([3, 1]);
  });

  it('has the deployment as its only dimension', async () => {
    const lines = metricLines();

    await handlerOf(observe())('event', CONTEXT);

    const [directive] = JSON.parse(lines[0] ?? '{}')._aws.CloudWatchMetrics;
    expect(directive.Dimensions).toEqual([['deployment']]);
    expect(JSON.parse(lines[0] ?? '{}').deployment).toBe('Shop/Fanout');
  });
});
