import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type FunctionName, synthesize } from './synthesize.ts';

const ALL_FUNCTIONS: readonly FunctionName[] = [
  'create-portal-link',
  'dispatch-event',
  'recover-deliveries',
  'serve-api',
  'serve-console',
  'first',
  'retry',
  'slow',
];

describe('the logs of the functions', () => {
  it('are JSON, with the lines of the functions and without a line for every invocation', () => {
    const { functionProperties } = synthesize();

    for (const name of ALL_FUNCTIONS) {
      expect(functionProperties(name).LoggingConfig).toEqual({
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
        LogGroup: expect.anything(),
      });
    }
  });

  /**
   * Lambda's runtime replaces the methods of the global console. In the format JSON, they write their argument as the
   * message of `{timestamp, level, requestId, message}`. CloudWatch does not extract a metric within such a line.
   */
  const WRITE_AS_ON_LAMBDA = `
    for (const method of ['log', 'info', 'warn', 'error']) {
      console[method] = (message) => process.stdout.write(JSON.stringify({ wrapped: message }) + '\\n');
    }
    const { createObservability } = await import('./lambdas/shared/runtime/observability.ts');
    const { log, counters, publishMetrics } = createObservability('Shop/Fanout', 'retry');
    log.info('an information', { count: 1 });
    log.warn('a warning');
    counters.count('delivered', 3);
    counters.measureLatency(120);
    counters.measureLatency(80);
    await publishMetrics.after();
  `;

  it('have lines that Lambda does not wrap: with level and time, and with metrics in the format of CloudWatch', () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', WRITE_AS_ON_LAMBDA],
      {
        encoding: 'utf8',
        env: {
          AWS_LAMBDA_LOG_FORMAT: 'JSON',
          AWS_LAMBDA_LOG_LEVEL: 'INFO',
          POWERTOOLS_SERVICE_NAME: 'send-delivery',
          POWERTOOLS_METRICS_NAMESPACE: 'WebhookFanout',
        },
      },
    );

    const linesOf = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const lines = linesOf(stdout);
    // Lambda reads standard error too.
    expect(linesOf(stderr)).toEqual([expect.objectContaining({ level: 'WARN', message: 'a warning' })]);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'an information', count: 1 }),
      expect.objectContaining({
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'WebhookFanout',
              Dimensions: [['deployment']],
              Metrics: [{ Name: 'delivered', Unit: 'Count' }],
            },
          ],
        },
        deployment: 'Shop/Fanout',
        delivered: 3,
      }),
      expect.objectContaining({
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'WebhookFanout',
              Dimensions: [['deployment', 'lane']],
              Metrics: [{ Name: 'latency', Unit: 'Milliseconds' }],
            },
          ],
        },
        deployment: 'Shop/Fanout',
        lane: 'retry',
        latency: [120, 80],
      }),
    ]);
    // Lambda uses a line's level only when its time is in the format of RFC 3339.
    expect(lines[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
