import { expect, it } from 'vitest';
import { printHowTo } from '../../local/demo/how-to.ts';

it('prints environment variables for every AWS SDK and command line', () => {
  const lines: string[] = [];
  const outputs = { EventBusName: 'bus' };

  printHowTo({
    cloud: {
      apiUrl: 'http://127.0.0.1:1',
      apiPort: 1,
      awsEndpoint: 'http://127.0.0.1:2',
      region: 'us-east-1',
      outputs,
    },
    apiKey: 'key',
    accountId: 'acct_1',
    receiverUrl: 'http://127.0.0.1:3',
    secret: 'secret',
    type: { name: 'order.paid', example: {} },
    printer: { event: () => undefined, heading: () => undefined, line: (text = '') => lines.push(text) },
  });

  const [, variables = ''] = /export (.*)/.exec(lines.join('\n')) ?? [];
  expect(Object.fromEntries(variables.split(' ').map((pair) => pair.split('=')))).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
    AWS_REGION: 'us-east-1',
    // boto3 and the AWS CLI read only this one.
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});
