import { execFileSync } from 'node:child_process';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChecks, readSettings } from '../../lib/settings.ts';
import { InputError } from '../../lib/shared/input.ts';
import { SETTING_NAMES, type SettingName, variableName } from '../../lib/shared/setting-names.ts';
import { createApp } from './synthesize.ts';

function propsOf(context: Record<string, unknown>, variables: Record<string, string> = {}) {
  return readSettings(context, variables).fanout(new Stack(createApp(), 'Shop'));
}

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('it is accepted');
}

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/1234';

const inContext = (name: SettingName, value: unknown) => ({ [`webhook-fanout:${name}`]: value });

/** Values that no setting accepts. */
const BAD_FOR_ALL: unknown[] = ['\0', '\u001b[31m', '{', '[', '🙃', [], {}, [[]], { toString: 5 }, -1, 0.5];

/** Values that a setting refuses: wrong types, values beyond limits, numbers in formats that Number() accepts. */
const BAD: Readonly<Record<SettingName, readonly unknown[]>> = {
  stackName: ['5shop', 'my_shop', 'my shop', ' Shop', 'é', 'a'.repeat(129), 5, true],
  eventCatalogue: ['none.json', 'lib', 'none.json\n', 'a'.repeat(5_000), 5, true],
  retryDelays: [
    ...['1 5 3', '1,x', '1.5', '1,,5', ',1', '1,', '-1', '+1', '1e2', '0x10', '01', '86401', '9'.repeat(30)],
    ...[
      '[1,5]',
      '1,1,1,1,1,1,1,1,1,1,1,1,1',
      '1;5',
      true,
      ['1'],
      [1, null],
      [86_401],
      Array(13).fill(1),
      { 0: 1 },
    ],
  ],
  maxRetryAfter: [
    ' ',
    '-1',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '05',
    '86401',
    '9'.repeat(30),
    '15m',
    86_401,
    true,
    [5],
  ],
  validateEvents: ['on', 'WARN', 'warn ', 'true', 'constructor', true, 5],
  successStatus: ['201', '200 ', '2XX', '2', 'constructor', 201, true],
  disableAfter: [
    ...[
      'many',
      '[]',
      'null',
      'true',
      '5',
      '{}',
      '{"exhausted":20}',
      '{"hours":1}',
      '{"exhausted":0,"hours":1}',
    ],
    ...['{"exhausted":1001,"hours":1}', '{"exhausted":2.5,"hours":1}', '{"exhausted":"9","hours":1}'],
    ...['{"exhausted":9,"hours":-1}', '{"exhausted":9,"hours":721}', '{"exhausted":9,"hours":1,"days":1}', 5],
    { exhausted: 9, hours: null },
  ],
  eventBusName: [
    ...['my bus', 'bus\n', 'arn:aws:events:us-east-1:111122223333:event-bus/shop', 'a'.repeat(257), 5, true],
  ],
  eventPattern: [
    ...['shop', '[]', '5', 'null', '{}', '{"detail-type":"order.paid"}', '{"source":["a"],"source":["b"]}'],
    ...['{"source":[{"contains":"a"}]}', '{"sauce":["shop"]}', '{"account":[{"Ref":"AWS::AccountId"}]}', 5],
    { source: 'shop' },
  ],
  removalPolicy: ['keep', 'retain ', 'snapshot', 'constructor', true, 5],
  tableProtection: [
    ...['many', '[]', '5', '{"events":{}}', '{"webhooks":true}', '{"webhooks":{"backup":true}}'],
    ...['{"webhooks":{"deletionProtection":"true"}}', '{"deliveries":{"pointInTimeRecovery":1}}', 5],
  ],
  multiRegionKey: ['yes', 'TRUE', '1', 'true ', 1],
  primaryKeyArn: [
    ...['mrk-1234567890abcdef1234567890abcdef', 'arn:aws:kms:us-east-1:111122223333:key/1234', 5, true],
    ...['arn:aws:kms:us-east-1:111122223333:alias/mrk-1234567890abcdef1234567890abcdef'],
  ],
  gradualDeployment: ['yes', 'TRUE', '1', 'true ', 'canary', 1],
  staticAddresses: ['0', '3', '1.5', '1e0', '0x1', ' 1', '01', 'many', 0, true, [2]],
  apiDomain: [
    ...[
      'hooks.example.com',
      '[]',
      '5',
      '{"name":"hooks.example.com"}',
      `{"certificateArn":"${CERTIFICATE}"}`,
    ],
    ...[`{"name":"Hooks.example.com","certificateArn":"${CERTIFICATE}"}`],
    ...[`{"name":"https://a.example","certificateArn":"${CERTIFICATE}"}`],
    ...[`{"name":"*.example.com","certificateArn":"${CERTIFICATE}"}`],
    ...['{"name":"hooks.example.com","certificateArn":"arn:aws:iam::111122223333:server-certificate/a"}'],
    ...[`{"name":"hooks.example.com","certificateArn":"${CERTIFICATE}","path":"v1"}`, 5],
  ],
  apiWebAclArn: [
    ...['hooks', 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/hooks/1234', 5, true],
    ...['arn:aws:wafv2:eu-west-1:111122223333:global/webacl/hooks/1234'],
  ],
  publisherAccounts: ['1', '111122223333,', '1111-2222-3333', '*', 'shop', 5, true, [5]],
  publisherOrganization: ['o-1', 'a1b2c3d4e5', 'O-A1B2C3D4E5', '*', 5, true],
  forwardTraceparent: ['yes', 'TRUE', '1', 'true ', 'constructor', 1],
  xrayTracing: ['yes', 'TRUE', '1', 'true ', 'constructor', 1, 'active'],
  allowPrivateEndpoints: ['yes', 'TRUE', '1', 'true ', 'constructor', 1],
  corsOrigins: [
    ...['*', 'console.example.com', 'https://a.example/', 'https://a.example,', 'https://A.example', 'null'],
    ...['http://a.example', 'https://a.example;https://b.example', 'https://*.example', 5, true, [5]],
  ],
  logRetentionDays: ['8', '0', '30 ', '3e1', '0x1e', '9999', 'forever', 8, true],
  recordRetentionDays: ['0', '366', '30 ', '3e1', '0x1e', '030', '1.5', 'infinite', 0, 366, 1.5, true],
  apiRequestsPerSecond: ['0', '1.5', '1e3', '0x10', ' 5', '05', '+5', '9'.repeat(30), 'many', 0, true, [5]],
  apiBurst: ['0', '1.5', '1e3', '0x10', ' 5', '05', '+5', '9'.repeat(30), 'many', 0, true, [5]],
  recoveryRate: ['0', '1001', '1.5', '1e3', '0x10', ' 5', '05', 'many', 0, true, [5]],
  concurrency: [
    ...['many', '[]', 'null', '5', '{"fast":9}', '{"toString":5}', '{"__proto__":5}', '{"first":1}'],
    ...['{"first":1001}', '{"first":2.5}', '{"first":"9"}', '{"first":9,"first":8}', '{"parked":10}', 5],
    { first: null },
  ],
  eventBatchingWindow: ['11', '-1', '1.5', '1e0', '0x1', ' 1', '01', '1s', 'many', 11, true, [1]],
  firstLanePollers: [
    ...['many', '[]', '5', '{"minimum":2}', '{"maximum":2}', '{"minimum":1,"maximum":9}'],
    ...['{"minimum":201,"maximum":300}', '{"minimum":9,"maximum":8}', '{"minimum":2,"maximum":2001}'],
    ...['{"minimum":2,"maximum":9,"most":9}', '{"minimum":"2","maximum":9}', 5],
  ],
  alarms: ['yes', 'TRUE', '1', 'true ', 'off', 1],
  pageTopicArn: [
    'on-call',
    'arn:aws:sqs:us-east-1:111122223333:on-call',
    'arn:aws:sns:us-east-1:1:on-call',
    5,
  ],
  ticketTopicArn: ['tickets', 'arn:aws:sns:us-east-1:111122223333:a b', true],
  alarmThresholds: ['many', '[]', '5', '{"late-events":"5"}', '{"late-events":-1}', '{"Late":5}', true],
  disabledAlarms: ['Late', 'a,', 'late events', true, 5.5, [5]],
  runbookUrl: ['docs/runbook.md', 'http://wiki.example', 'https://wiki.example/#top', 'https://a b', 5, true],
  console: ['yes', 'TRUE', '1', 'true ', 'off', 1],
  consoleEmbeddedBy: [
    ...['*', 'app.example.com', 'https://a.example/', 'https://a.example,', 'https://A.example', 'null'],
    ...['http://a.example', 'https://a.example;https://b.example', 'https://*.example', 5, true, [5]],
  ],
  portal: ['yes', 'TRUE', '1', 'true ', 'on', 1],
  consoleUrl: [
    'webhooks.example.com',
    'http://a.example',
    'https://a.example/',
    'https://A.example',
    5,
    true,
  ],
  dashboard: ['yes', 'TRUE', '1', 'true ', 'off', 1],
  canary: ['yes', 1],
};

/** `{}` is a valid value of these: no value is given. */
const isAllowed = (name: SettingName, value: unknown) =>
  ['concurrency', 'alarmThresholds', 'tableProtection'].includes(name) && JSON.stringify(value) === '{}';

const EVERY_BAD_VALUE = SETTING_NAMES.flatMap((name) =>
  [...BAD[name], ...BAD_FOR_ALL].filter((value) => !isAllowed(name, value)).map((value) => ({ name, value })),
);

describe("an operator's settings", () => {
  it('are all optional', () => {
    expect(readSettings({}, {}).stackName).toBe('WebhookFanout');
    expect(propsOf({})).toEqual({});
  });

  it('are read from context', () => {
    const props = propsOf({
      'webhook-fanout:eventCatalogue': './event-types.json',
      'webhook-fanout:retryDelays': '1, 60',
      'webhook-fanout:validateEvents': 'refuse',
      'webhook-fanout:successStatus': '2xx',
      'webhook-fanout:removalPolicy': 'destroy',
      'webhook-fanout:forwardTraceparent': 'true',
      'webhook-fanout:xrayTracing': 'true',
      'webhook-fanout:allowPrivateEndpoints': 'true',
      'webhook-fanout:corsOrigins': 'https://a.example, http://localhost:5173',
      'webhook-fanout:logRetentionDays': '7',
      'webhook-fanout:recordRetentionDays': '90',
      'webhook-fanout:apiRequestsPerSecond': '10',
      'webhook-fanout:apiBurst': '20',
      'webhook-fanout:recoveryRate': '5',
      'webhook-fanout:concurrency': '{"slow":9,"dispatch":20}',
      'webhook-fanout:eventBatchingWindow': '2',
      'webhook-fanout:firstLanePollers': '{"minimum":2,"maximum":30}',
      'webhook-fanout:console': 'true',
      'webhook-fanout:consoleEmbeddedBy': 'https://a.example, https://b.example',
      'webhook-fanout:portal': 'true',
      'webhook-fanout:consoleUrl': 'https://webhooks.example.com',
    });

    expect(props).toEqual({
      eventCatalogue: './event-types.json',
      retryDelays: [Duration.seconds(1), Duration.seconds(60)],
      validateEvents: 'refuse',
      successStatus: '2xx',
      removalPolicy: RemovalPolicy.DESTROY,
      forwardTraceparent: true,
      xrayTracing: true,
      allowPrivateEndpoints: true,
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
      logRetention: RetentionDays.ONE_WEEK,
      recordRetention: Duration.days(90),
      throttling: { requestsPerSecond: 10, burst: 20 },
      recoveryRate: 5,
      concurrency: { slow: 9, dispatch: 20 },
      eventBatchingWindow: Duration.seconds(2),
      firstLanePollers: { minimum: 2, maximum: 30 },
      console: true,
      consoleEmbeddedBy: ['https://a.example', 'https://b.example'],
      portal: true,
      consoleUrl: 'https://webhooks.example.com',
    });
  });

  it('are read from environment variables, whose names are derived from those of the settings', () => {
    const settings = readSettings({}, { WEBHOOK_FANOUT_STACK_NAME: 'Staging', PATH: '/bin' });
    const props = propsOf(
      {},
      { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true', WEBHOOK_FANOUT_RETRY_DELAYS: '0' },
    );

    expect(settings.stackName).toBe('Staging');
    expect(props).toEqual({ allowPrivateEndpoints: true, retryDelays: [Duration.seconds(0)] });
    expect(SETTING_NAMES.map(variableName)).toContain('WEBHOOK_FANOUT_API_REQUESTS_PER_SECOND');
  });

  it('are read from context when the environment has them too', () => {
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
      'webhook-fanout:logRetentionDays': 'infinite',
      'webhook-fanout:apiBurst': 9,
      'webhook-fanout:concurrency': { first: 600 },
      'webhook-fanout:eventPattern': { source: ['shop'], 'detail-type': [{ prefix: 'order.' }] },
    });

    expect(props).toEqual({
      allowPrivateEndpoints: false,
      retryDelays: [Duration.seconds(1), Duration.seconds(5)],
      successStatus: '200',
      logRetention: RetentionDays.INFINITE,
      throttling: { requestsPerSecond: 1_000, burst: 9 },
      concurrency: { first: 600 },
      eventPattern: { source: ['shop'], detailType: [{ prefix: 'order.' }] },
    });
  });

  it('count as not set when a variable is empty or a context file has null', () => {
    const context = Object.fromEntries(SETTING_NAMES.map((name) => [`webhook-fanout:${name}`, null]));
    const variables = Object.fromEntries(SETTING_NAMES.map((name) => [variableName(name), '']));

    expect(propsOf(context, variables)).toEqual({});
    expect(readSettings(context, variables).stackName).toBe('WebhookFanout');
  });

  it('direct the alarms', () => {
    const { alarms, dashboard } = propsOf({
      'webhook-fanout:alarms': 'true',
      'webhook-fanout:pageTopicArn': 'arn:aws:sns:us-east-1:111122223333:on-call',
      'webhook-fanout:alarmThresholds': '{"late-events":300}',
      'webhook-fanout:disabledAlarms': 'api-latency, late-slow',
      'webhook-fanout:runbookUrl': 'https://wiki.example/webhooks',
      'webhook-fanout:dashboard': 'false',
    });

    expect(alarms?.pageTopic?.topicArn).toBe('arn:aws:sns:us-east-1:111122223333:on-call');
    expect(alarms).toEqual({
      enabled: true,
      pageTopic: expect.anything(),
      thresholds: { 'late-events': 300 },
      disabled: ['api-latency', 'late-slow'],
      runbookUrl: 'https://wiki.example/webhooks',
    });
    expect(dashboard).toBe(false);
  });

  it('protect the data', () => {
    const primaryKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef';

    const props = propsOf({
      'webhook-fanout:tableProtection': '{"deliveries":{"pointInTimeRecovery":true}}',
      'webhook-fanout:multiRegionKey': 'true',
      'webhook-fanout:primaryKeyArn': primaryKeyArn,
      'webhook-fanout:gradualDeployment': 'true',
    });

    expect(props).toEqual({
      tableProtection: { deliveries: { pointInTimeRecovery: true } },
      multiRegionKey: true,
      primaryKeyArn,
      gradualDeployment: true,
    });
  });

  it('open the deployment to networks and other accounts', () => {
    const webAcl = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234';

    const props = propsOf({
      'webhook-fanout:staticAddresses': '2',
      'webhook-fanout:apiDomain': `{"name":"hooks.example.com","certificateArn":"${CERTIFICATE}"}`,
      'webhook-fanout:apiWebAclArn': webAcl,
      'webhook-fanout:publisherAccounts': '111122223333, 444455556666',
      'webhook-fanout:publisherOrganization': 'o-a1b2c3d4e5',
    });

    expect(props).toEqual({
      senderNetwork: { natGateways: 2 },
      apiDomain: { name: 'hooks.example.com', certificateArn: CERTIFICATE },
      apiWebAclArn: webAcl,
      publishers: { accounts: ['111122223333', '444455556666'], organizationId: 'o-a1b2c3d4e5' },
    });
  });

  it('can name an existing bus', () => {
    const { eventBus } = propsOf({ 'webhook-fanout:eventBusName': 'shop' });

    expect(eventBus?.eventBusRef.eventBusName).toBe('shop');
    expect(eventBus).not.toBeInstanceOf(EventBus);
  });

  it.each(EVERY_BAD_VALUE)(
    'refuse $name $value, with the name and with example lines for a shell [FAULT-33]',
    ({ name, value }) => {
      const message = refusalOf(() => readSettings(inContext(name, value), {}));

      expect(message.startsWith(`${name} is `)).toBe(true);
      expect(message).toContain('; expected: ');
      expect(message).toContain(`\n  export ${variableName(name)}=`);
      // The message has the value escaped and shortened.
      expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(message.length).toBeLessThan(1_500);
    },
  );

  it.each(EVERY_BAD_VALUE.filter(({ value }) => typeof value === 'string'))(
    'refuse $name $value in an environment variable too',
    ({ name, value }) => {
      const message = refusalOf(() => readSettings({}, { [variableName(name)]: String(value) }));

      expect(message.startsWith(`${name} is `)).toBe(true);
    },
  );

  it('report which part of a value is wrong', () => {
    const problemOf = (name: SettingName, value: string) =>
      refusalOf(() => readSettings(inContext(name, value), {}));

    expect(problemOf('eventPattern', '{"detail-type":"order.paid"}')).toContain(
      'Problem: detail-type must be a list, such as ["order.paid"], got "order.paid".',
    );
    expect(problemOf('concurrency', '{"first":1001}')).toContain('Problem: concurrency.first is 1001.');
    expect(problemOf('firstLanePollers', '{"minimum":2}')).toContain('Problem: maximum is undefined.');
    expect(problemOf('concurrency', '{"first":9,"first":8}')).toContain(
      'Problem: it has the key "first" twice.',
    );
  });

  it('suggest lines that are valid in a shell, with values that are accepted', () => {
    const lines = SETTING_NAMES.map((name) => ({
      name,
      lines: refusalOf(() => readSettings(inContext(name, '\0'), {}))
        .split('\n')
        .filter((line) => line.startsWith('  ')),
    }));
    const script = [
      // Replaces the command: prints each of its arguments on a line.
      `npx() { for word; do printf '%s\\n' "$word"; done; }`,
      ...lines.flatMap(({ name, lines: both }) => [...both, `printf '%s\\n' "$${variableName(name)}"`]),
    ].join('\n');

    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');

    for (const [index, { name }] of lines.entries()) {
      const [cdk, deploy, option, setting = '', variable = ''] = words.slice(5 * index);
      expect([cdk, deploy, option]).toEqual(['cdk', 'deploy', '-c']);
      expect(setting).toBe(`webhook-fanout:${name}=${variable}`);
      expect(() => readSettings(inContext(name, variable), {})).not.toThrow();
    }
    expect(words).toHaveLength(5 * SETTING_NAMES.length);
  });

  it('refuse any other text with an InputError [FAULT-33]', () => {
    const name = fc.constantFrom(...SETTING_NAMES);
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.json(),
      fc.string({ unit: fc.constantFrom(...'0123456789,.-+ex []{}":truefalsn '), minLength: 1 }),
    );

    fc.assert(
      fc.property(name, text, (setting, value) => {
        try {
          readSettings({}, { [variableName(setting)]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        expect(value).toMatch(ACCEPTED_TEXT[setting]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('refuse any other JSON value with an InputError', () => {
    const name = fc.constantFrom(...SETTING_NAMES);

    fc.assert(
      fc.property(name, fc.jsonValue(), (setting, value) => {
        if (value === null) return;
        try {
          readSettings(inContext(setting, value), {});
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll(/^\[|\]$/g, '');
        expect(text).toMatch(ACCEPTED_TEXT[setting]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    'webhook-fanout:retryDelay',
    'webhook-fanout:',
    'webhook-fanout:retrydelays',
    'webhook-fanout.retryDelays',
    'webhookFanout:retryDelays',
    'webhook-fanout:checks',
  ])('refuse the context key %s, which does not exist [FAULT-33]', (key) => {
    const message = refusalOf(() => readSettings({ [key]: '1' }, {}));

    expect(message).toContain(
      `The context key ${key} is unknown; the known ones are: webhook-fanout:stackName,`,
    );
  });

  it.each([
    'WEBHOOK_FANOUT_RETRY_DELAY',
    'WEBHOOK_FANOUT_RETRYDELAYS',
    'webhook_fanout_retry_delays',
    'WEBHOOKFANOUT_RETRY_DELAYS',
    'WEBHOOK_FANOUT_',
    'WEBHOOK_FANOUT_CHECK',
  ])('refuse the environment variable %s, which does not exist [FAULT-33]', (name) => {
    const message = refusalOf(() => readSettings({}, { [name]: '' }));

    expect(message).toContain(
      `The environment variable ${name} is unknown; the known ones are: WEBHOOK_FANOUT_`,
    );
    expect(message).toContain(`\n  unset ${name}`);
  });

  it('ignore context and environment variables of other programs', () => {
    const context = { 'aws:cdk:bundling-stacks': [], 'my-webhook-fanout': 'x' };
    const variables = {
      WEBHOOK_URL: 'x',
      npm_package_name: 'webhook-fanout',
      WEBHOOK_FANOUT_CHECKS: 'false',
    };

    expect(() => readSettings(context, variables)).not.toThrow();
  });
});

/** Accepted texts, independently of the code that reads them. The patterns of JSON settings are only approximate. */
const ACCEPTED_TEXT: Readonly<Record<SettingName, RegExp>> = {
  stackName: /^[a-zA-Z][a-zA-Z\d-]*$/,
  eventCatalogue: /\.(json|ts|md)$/,
  retryDelays: /^\s*\d{1,5}\s*(,\s*\d{1,5}\s*){0,11}$/,
  maxRetryAfter: /^(0|[1-9]\d{0,4})$/,
  validateEvents: /^(off|warn|refuse)$/,
  successStatus: /^(200|2xx)$/,
  disableAfter: /^\s*(false|\{.*"exhausted".*\})\s*$/s,
  eventBusName: /^[\w./-]+$/,
  eventPattern: /^\s*\{.*\[.*\].*\}\s*$/s,
  removalPolicy: /^(retain|destroy)$/i,
  tableProtection: /^\s*\{.*\}\s*$/s,
  multiRegionKey: /^(true|false)$/,
  primaryKeyArn: /^arn:aws.*:kms:.*mrk-/,
  gradualDeployment: /^(true|false)$/,
  staticAddresses: /^[12]$/,
  apiDomain: /^\s*\{.*"name".*\}\s*$/s,
  apiWebAclArn: /^arn:aws.*:wafv2:/,
  publisherAccounts: /^\s*\d{12}/,
  publisherOrganization: /^o-/,
  forwardTraceparent: /^(true|false)$/,
  xrayTracing: /^(true|false)$/,
  allowPrivateEndpoints: /^(true|false)$/,
  corsOrigins: /^\s*https?:\/\/[a-z\d.:-]+\s*(,\s*https?:\/\/[a-z\d.:-]+\s*)*$/,
  logRetentionDays: /^([1-9]\d*|infinite)$/,
  recordRetentionDays: /^([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])$/,
  apiRequestsPerSecond: /^[1-9]\d*$/,
  apiBurst: /^[1-9]\d*$/,
  recoveryRate: /^[1-9]\d{0,3}$/,
  concurrency: /^\s*\{\s*("(first|retry|slow|dispatch)"\s*:\s*\d+[,\s]*)*\}\s*$/,
  eventBatchingWindow: /^([0-9]|10)$/,
  firstLanePollers: /^\s*\{.*"minimum".*\}\s*$/s,
  alarms: /^(true|false)$/,
  pageTopicArn: /^arn:aws.*:sns:/,
  ticketTopicArn: /^arn:aws.*:sns:/,
  alarmThresholds: /^\s*\{\s*("[a-z\d-]+"\s*:\s*[\d.eE+-]+[,\s]*)*\}\s*$/,
  disabledAlarms: /^\s*[a-z\d-]+\s*(,\s*[a-z\d-]+\s*)*$/,
  runbookUrl: /^https:\/\//,
  console: /^(true|false)$/,
  consoleEmbeddedBy: /^\s*https?:\/\/[a-z\d.:-]+\s*(,\s*https?:\/\/[a-z\d.:-]+\s*)*$/,
  portal: /^(true|false)$/,
  consoleUrl: /^https:\/\/[a-z\d.:-]+$/,
  dashboard: /^(true|false)$/,
  canary: /^(true|false)$/,
};

describe('the variable that disables the checks', () => {
  it.each([
    [{}, true],
    [{ WEBHOOK_FANOUT_CHECKS: '' }, true],
    [{ WEBHOOK_FANOUT_CHECKS: 'true' }, true],
    [{ WEBHOOK_FANOUT_CHECKS: 'false' }, false],
  ])('reads %o as %s', (variables, checked) => {
    expect(readChecks(variables)).toBe(checked);
  });

  it.each(['no', '0', 'FALSE', ' false'])('refuses "%s"', (value) => {
    expect(refusalOf(() => readChecks({ WEBHOOK_FANOUT_CHECKS: value }))).toBe(
      `WEBHOOK_FANOUT_CHECKS is "${value}"; expected: true or false. For example:\n  export WEBHOOK_FANOUT_CHECKS=false`,
    );
  });
});
