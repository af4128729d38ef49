import { describe, expect, it } from 'vitest';
import { FIXED } from '../../bench/bill/bill.ts';
import { synthesize } from './synthesize.ts';

describe('the fixed costs of a month', () => {
  it.each([
    ['eventSources', 'AWS::Lambda::EventSourceMapping'],
    ['keys', 'AWS::KMS::Key'],
    ['alarms', 'AWS::CloudWatch::Alarm'],
    ['dashboards', 'AWS::CloudWatch::Dashboard'],
  ] as const)('count the %s of the template', (name, type) => {
    expect(synthesize().resources(type)).toHaveLength(FIXED[name]);
  });
});
