import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../command/shared/explain.ts';

const COMMAND = 'bin/webhook-fanout.ts';

const children: ChildProcess[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill();
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

/** Without settings, credentials or region of the machine that runs the tests. */
const VARIABLES = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};
const CREDENTIALS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

async function run(script: string, args: readonly string[], variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], { env: { ...VARIABLES, ...variables } });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...output };
}

/** Starts an endpoint that refuses every call of CloudFormation with this error. */
async function startRefusingAws(status: number, code: string, message: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A line of a stack trace, with file, line and column. */
const STACK_TRACE = /^\s+at .*:\d+:\d+/m;

describe('the CDK app', () => {
  it.each([
    ['a value', { WEBHOOK_FANOUT_RETRY_DELAYS: '1 5 3' }, /^retryDelays is "1 5 3"; expected: 1 to 12 whole/],
    [
      'a name',
      { WEBHOOK_FANOUT_RETRY_DELAY: '1' },
      /^The environment variable WEBHOOK_FANOUT_RETRY_DELAY is/,
    ],
    [
      'the value that disables its checks',
      { WEBHOOK_FANOUT_CHECKS: 'no' },
      /^WEBHOOK_FANOUT_CHECKS is "no"; expected:/,
    ],
    [
      'a catalogue',
      { WEBHOOK_FANOUT_EVENT_CATALOGUE: 'package.json' },
      /^The event catalogue \S+package\.json contains an object; expected: an array/,
    ],
    [
      'a combination of settings',
      { WEBHOOK_FANOUT_EVENT_PATTERN: '{"source":["shop"]}' },
      /^eventPattern is given without an event bus; .* the setting eventBusName\.\n$/,
    ],
  ])('refuses %s with a message and without a stack trace [FAULT-33]', async (_, variables, message) => {
    const { code, out, err } = await run('bin/app.ts', [], variables);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(STACK_TRACE);
  });
});

describe('a command with --stack', () => {
  it.each([[''], ['my stack'], ['Shop; rm'], ['arn:aws:s3:::bucket']])(
    'refuses "%s", which is no stack',
    async (stack) => {
      const { code, out, err } = await run(COMMAND, ['keys', 'list', '--stack', stack], CREDENTIALS);

      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toBe(`--stack must be the name or ARN of a stack, such as WebhookFanout, got "${stack}"\n`);
    },
  );

  it.each([
    [
      400,
      'ValidationError',
      'Stack with id Shop does not exist',
      /\nthere is no stack Shop in eu-west-1; check its/,
    ],
    [
      403,
      'ExpiredToken',
      'The token is expired.',
      /\nThe token is expired; the credentials have expired: sign in/,
    ],
    [
      400,
      'Throttling',
      'Rate exceeded',
      /\nRate exceeded; AWS limits the rate of these calls: run the command/,
    ],
    [403, 'AccessDenied', 'Not authorized', /\nNot authorized; use credentials with this permission\n$/],
  ])('states how to correct the error when AWS responds with %i %s', async (status, code, message, said) => {
    const AWS_ENDPOINT_URL = await startRefusingAws(status, code, message);

    const { err } = await run(COMMAND, ['keys', 'list', '--stack', 'Shop'], {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL,
    });

    expect(err).toMatch(said);
    expect(err).toContain(
      `--stack Shop is looked up at ${AWS_ENDPOINT_URL.slice(7)}, on this machine and not on AWS`,
    );
    expect(err).not.toMatch(STACK_TRACE);
  });

  it('states how to correct missing credentials', async () => {
    const { err } = await run(COMMAND, ['keys', 'list', '--stack', 'Shop'], { AWS_REGION: 'eu-west-1' });

    expect(err).toBe(
      'Could not load credentials from any providers; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the account of the stack\n',
    );
  });

  it('states that a profile does not exist', async () => {
    const { code, err } = await run(COMMAND, ['keys', 'list', '--stack', 'Shop', '--profile', 'shop'], {
      AWS_REGION: 'eu-west-1',
    });

    expect(code).toBe(1);
    expect(err).toMatch(/^the profile "shop" gives no credentials: check its name/);
    expect(err).not.toMatch(STACK_TRACE);
  });

  it('warns of an environment variable that is misspelt', async () => {
    const { out, err } = await run(COMMAND, ['keys', '--help'], { WEBHOOK_FANOUT_STACKNAME: 'x' });

    expect(out).toContain('webhook-fanout keys');
    expect(err).toContain(
      'The environment variable WEBHOOK_FANOUT_STACKNAME is unknown; the known ones are:',
    );
  });
});

describe('an error of a command', () => {
  it.each([
    [new Error('just this'), 'just this'],
    [
      Object.assign(new Error('no key.'), { name: 'ExpiredTokenException' }),
      /^no key; the credentials have expired/,
    ],
    [
      new AggregateError([Object.assign(new Error('connect ECONNREFUSED ::1:9'), { code: 'ECONNREFUSED' })]),
      /^connect ECONNREFUSED ::1:9; nothing listens at this address/,
    ],
    [Object.assign(new Error(''), { code: 'ETIMEDOUT' }), /^ETIMEDOUT; there was no response in time/],
    [Object.assign(new Error('odd'), { code: 'constructor' }), /^odd$/],
    ['a text', 'a text'],
  ])('%s is one sentence', (error, said) => {
    expect(explain(error)).toMatch(said);
  });
});
