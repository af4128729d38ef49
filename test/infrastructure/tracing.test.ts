import { describe, expect, it } from 'vitest';
import { type FunctionName, synthesize } from './synthesize.ts';

const FUNCTIONS: readonly FunctionName[] = [
  'create-portal-link',
  'dispatch-event',
  'recover-deliveries',
  'serve-api',
  'serve-console',
  'first',
  'retry',
  'slow',
];
const TRACING = { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], on: ['"*"'] };

describe('X-Ray', () => {
  it('traces all functions when it is on, and their roles allow it', () => {
    const { functionProperties, permissions } = synthesize({ xrayTracing: true });

    for (const name of FUNCTIONS) {
      expect(functionProperties(name).TracingConfig).toEqual({ Mode: 'Active' });
      expect(permissions(name)).toContainEqual(TRACING);
    }
  });

  it('traces nothing by default, and no role allows it', () => {
    const { functionProperties, permissions } = synthesize();

    for (const name of FUNCTIONS) {
      expect(functionProperties(name)).not.toHaveProperty('TracingConfig');
      expect(permissions(name)).not.toContainEqual(TRACING);
    }
  });
});

describe('the traceparent of an event', () => {
  it.each([
    [{}, 'false'],
    [{ forwardTraceparent: true }, 'true'],
  ])('is sent to endpoints by the prop alone: %j', (props, expected) => {
    const { functionProperties } = synthesize(props);

    for (const name of ['first', 'retry', 'slow'] as const) {
      expect(functionProperties(name).Environment.Variables.FORWARD_TRACEPARENT).toBe(expected);
    }
  });
});
