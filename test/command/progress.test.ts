import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../command/main.ts';
import { startHttpServer } from '../support/http-server.ts';
import { stubAwsEnvironment } from './support/aws-environment.ts';

const OUTPUTS = ['WebhooksTableName', 'DeliveriesTableName']
  .map((name) => `<member><OutputKey>${name}</OutputKey><OutputValue>${name}</OutputValue></member>`)
  .join('');
const STACK = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs>${OUTPUTS}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

/** The nth entry of the audit log of an account. */
const entry = (n: number) => ({
  pk: { S: 'AUDIT#acct_1' },
  sk: { S: `aud_01kf0k8y20maxy1s0s9tbjf${n}` },
  at: { N: '1768473000000' },
  action: { S: 'webhook.create' },
  source: { S: 'api' },
});

/** Answers each Scan and Query in two pages: of 1,000 and 500 items. */
async function startAws(): Promise<string> {
  const { url, close } = await startHttpServer(({ headers, body }) => {
    const target = String(headers['x-amz-target'] ?? '');
    if (target === '') return { status: 200, body: STACK, headers: { 'content-type': 'text/xml' } };
    const isFirst = !String(body).includes('ExclusiveStartKey');
    const isOfAccount = String(body).includes('AUDIT#acct_1');
    const page = {
      Items: isOfAccount ? [entry(isFirst ? 1 : 2)] : [],
      ScannedCount: isFirst ? 1_000 : 500,
      ...(isFirst ? { LastEvaluatedKey: { pk: { S: 'KEY#1' }, sk: { S: 'KEY' } } } : {}),
    };
    return {
      status: 200,
      body: JSON.stringify(page),
      headers: { 'content-type': 'application/x-amz-json-1.0' },
    };
  });
  onTestFinished(close);
  return url;
}

async function errorsOf(args: readonly string[], isTerminal: boolean): Promise<string[]> {
  vi.stubEnv('AWS_ENDPOINT_URL', await startAws());
  let errors = '';
  const code = await run([...args, '--stack', 'Shop'], {
    out: () => undefined,
    error: (text) => {
      errors += text;
    },
    isTerminal,
  });
  expect(code).toBe(0);
  return errors.split('\n').filter((line) => line !== '' && !line.includes('is looked up at'));
}

beforeEach(stubAwsEnvironment);
afterEach(() => vi.unstubAllEnvs());

describe('the progress of a command that reads many pages', () => {
  it.each([
    [
      ['keys', 'list'],
      ['1000 items read …', '1500 items read …'],
    ],
    [
      ['audit', '--account', 'acct_1'],
      ['0 changes read …', '0 changes read …', '1 change read …', '2 changes read …'],
    ],
  ])('%j is printed on standard error, on a terminal only', async (args, lines) => {
    expect(await errorsOf(args, true)).toEqual(lines);
    expect(await errorsOf(args, false)).toEqual([]);
  });
});
