import { EventBus } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES, variableName } from '../../lib/settings.ts';
import { createApp } from './synthesize.ts';

function propsOf(context: Record<string, unknown>, variables: Record<string, string> = {}) {
  return readSettings(context, variables).fanout(new Stack(createApp(), 'Shop'));
}

describe("an operator's settings", () => {
  it('may all be left out', () => {
    expect(readSettings({}, {}).stackName).toBe('WebhookFanout');
    expect(propsOf({})).toEqual({});
  });

  it('are read from context', () => {
    const props = propsOf({
      'webhook-fanout:eventCatalogue': './types.json',
      'webhook-fanout:retryDelays': '1,60',
      'webhook-fanout:successStatus': '2xx',
      'webhook-fanout:removalPolicy': 'destroy',
      'webhook-fanout:allowPrivateEndpoints': 'true',
      'webhook-fanout:logRetentionDays': '7',
      'webhook-fanout:apiRequestsPerSecond': '10',
      'webhook-fanout:apiBurst': '20',
    });

    expect(props).toEqual({
      eventCatalogue: './types.json',
      retryDelays: [Duration.seconds(1), Duration.seconds(60)],
      successStatus: '2xx',
      removalPolicy: RemovalPolicy.DESTROY,
      allowPrivateEndpoints: true,
      logRetention: RetentionDays.ONE_WEEK,
      throttling: { requestsPerSecond: 10, burst: 20 },
    });
  });

  it('are read from the environment, under the names that people expect', () => {
    const settings = readSettings({}, { WEBHOOK_FANOUT_STACK_NAME: 'Staging' });
    const props = propsOf(
      {},
      { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true', WEBHOOK_FANOUT_RETRY_DELAYS: '0' },
    );

    expect(settings.stackName).toBe('Staging');
    expect(props).toEqual({ allowPrivateEndpoints: true, retryDelays: [Duration.seconds(0)] });
    expect(SETTING_NAMES.map(variableName)).toContain('WEBHOOK_FANOUT_API_REQUESTS_PER_SECOND');
  });

  it('are taken from context first', () => {
    const props = propsOf(
      { 'webhook-fanout:successStatus': '2xx' },
      { WEBHOOK_FANOUT_SUCCESS_STATUS: '200' },
    );

    expect(props).toEqual({ successStatus: '2xx' });
  });

  it('may be JSON values in a context file', () => {
    const props = propsOf({
      'webhook-fanout:allowPrivateEndpoints': false,
      'webhook-fanout:retryDelays': [1, 5],
      'webhook-fanout:successStatus': 200,
      'webhook-fanout:eventPattern': { source: ['shop'], 'detail-type': [{ prefix: 'order.' }] },
    });

    expect(props).toEqual({
      allowPrivateEndpoints: false,
      retryDelays: [Duration.seconds(1), Duration.seconds(5)],
      successStatus: '200',
      eventPattern: { source: ['shop'], detailType: [{ prefix: 'order.' }] },
    });
  });

  it('name a bus that exists', () => {
    const { eventBus } = propsOf({ 'webhook-fanout:eventBusName': 'shop' });

    expect(eventBus?.eventBusRef.eventBusName).toBe('shop');
    expect(eventBus).not.toBeInstanceOf(EventBus);
  });

  it.each([
    ['retryDelays', '1,x', 'whole seconds joined by commas'],
    ['retryDelays', '1.5', 'whole seconds joined by commas'],
    ['retryDelays', '1,,5', 'whole seconds joined by commas'],
    ['successStatus', '201', '200 or 2xx'],
    ['eventPattern', 'shop', 'an EventBridge pattern in JSON'],
    ['eventBusName', 'arn:aws:events:us-east-1:111122223333:event-bus/shop', 'the name of a bus'],
    ['removalPolicy', 'keep', 'retain or destroy'],
    ['allowPrivateEndpoints', 'yes', 'true or false'],
    ['logRetentionDays', '8', "one of CloudWatch's 1, 3, 5, 7"],
    ['apiRequestsPerSecond', '0', 'a whole number above 0'],
  ] as const)('refuse %s "%s" and say what is expected', (name, value, expected) => {
    expect(() => readSettings({ [`webhook-fanout:${name}`]: value }, {})).toThrow(
      `${name} is "${value}"; expected is ${expected}`,
    );
  });

  it('refuse a name that does not exist', () => {
    expect(() => readSettings({ 'webhook-fanout:retryDelay': '1' }, {})).toThrow(
      'The context key webhook-fanout:retryDelay is unknown; allowed after "webhook-fanout:" are stackName,',
    );
  });
});
