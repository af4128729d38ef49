import { readFileSync } from 'node:fs';
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

  it('costs what docs/tracing.md states for one function, and for all', () => {
    const dollars = (30 * 24 * 60 * 60 * 5) / 1_000_000;
    const document = readFileSync('docs/tracing.md', 'utf8').replace(/\s+/g, ' ');

    expect(synthesize().resources('AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length);
    expect(document).toContain(`**$${Math.round(dollars)} for each function that runs all the time**`);
    expect(document).toContain(
      `with all ${FUNCTIONS.length} functions it is $${Math.round(dollars * FUNCTIONS.length)}`,
    );
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
