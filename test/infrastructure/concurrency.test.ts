import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { CONCURRENCY, readConcurrency, totalConcurrency } from '../../lib/shared/concurrency.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, synthesize } from './synthesize.ts';

describe('the concurrency of the event sources', () => {
  it('keeps its defaults but for what the operator chose', () => {
    const { resources } = synthesize({ concurrency: { first: 600, slow: 7 } });

    const maxima = resources('AWS::Lambda::EventSourceMapping').map(
      ({ ScalingConfig }) => ScalingConfig.MaximumConcurrency,
    );
    expect(maxima.toSorted((a, b) => a - b)).toEqual([7, 50, 50, 50, 100, 600]);
  });

  it('leaves room in an account by default', () => {
    expect(totalConcurrency(CONCURRENCY, 6)).toBeLessThan(1_000);
  });

  it.each([1, 1_001, 2.5])('refuses %d, and says what is allowed', (first) => {
    expect(() => readConcurrency({ first })).toThrow(
      `concurrency.first is ${first}; allowed are whole numbers from 2 to 1000`,
    );
  });

  it("warns when the account's quota must be raised first", () => {
    const stack = new Stack(createApp(), 'Busy');
    new WebhookFanout(stack, 'Fanout', { concurrency: { first: 900 } });

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('1200 functions at once'));
  });

  it('is a setting, too, and an unknown lane in it is refused', () => {
    const stack = new Stack(createApp(), 'Set');
    const settings = (text: string) => readSettings({ 'webhook-fanout:concurrency': text }, {});

    expect(settings('{"slow":9}').fanout(stack)).toMatchObject({ concurrency: { slow: 9 } });
    expect(() => settings('{"fast":9}')).toThrow('numbers for first, retry, slow or dispatch');
    expect(() => settings('many')).toThrow('concurrency is "many"');
  });
});
