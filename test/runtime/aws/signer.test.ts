import { SQSClient } from '@aws-sdk/client-sqs';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '@smithy/types';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Credentials } from '../../../lambdas/shared/runtime/aws/credentials.ts';
import { createSigner } from '../../../lambdas/shared/runtime/aws/signer.ts';

const REGION = 'eu-west-1';
const SERVICE = 'dynamodb';
const SHA256 = new SQSClient({ region: REGION }).config.sha256;
const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'secret/+=' };

const anyCredentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
  secretAccessKey: fc.string({ minLength: 1, unit: 'binary' }),
  sessionToken: fc.option(fc.stringMatching(/^[!-~]{1,60}$/), { nil: undefined }),
});
const anyHeaders = fc.dictionary(
  fc.oneof(
    fc.stringMatching(/^[a-z]{1,4}-?[a-z0-9]{1,4}$/),
    fc.constantFrom('x-amz-target', 'X-Amz-Meta', 'user-agent', 'x-amzn-trace-id', 'proxy-x', 'connection'),
  ),
  fc.oneof(fc.stringMatching(/^[ -~]*$/), fc.constantFrom('  two   spaces ', 'a\tb', 'a\r\n b', 'é ✓')),
);
const anyBody = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
);
const anyDate = fc.date({
  min: new Date('2020-01-01'),
  max: new Date('2090-01-01'),
  noInvalidDate: true,
});

/** The SDK creates its requests with a class that the signer does not need. */
function requestOf(headers: Record<string, string>, body: string | Uint8Array): HttpRequest {
  return {
    method: 'POST',
    protocol: 'https:',
    hostname: 'dynamodb.eu-west-1.amazonaws.com',
    path: '/',
    query: {},
    headers: { host: 'dynamodb.eu-west-1.amazonaws.com', ...headers },
    body,
  };
}

async function signedBySdk(request: HttpRequest, credentials: Credentials, signingDate: Date) {
  const signer = new SignatureV4({ credentials, region: REGION, service: SERVICE, sha256: SHA256 });
  return (await signer.sign(structuredClone(request), { signingDate })).headers;
}

it('signs every request as the SDK does, with any headers, body, credentials and date', async () => {
  let credentials: Credentials = CREDENTIALS;
  // One signer for all runs: a key of other credentials or of another day must not be used.
  const signer = createSigner({ service: SERVICE, region: REGION, readCredentials: () => credentials });

  await fc.assert(
    fc.asyncProperty(anyHeaders, anyBody, anyCredentials, anyDate, async (headers, body, given, date) => {
      const { sessionToken, ...keys } = given;
      credentials = sessionToken === undefined ? keys : { ...keys, sessionToken };
      const expected = await signedBySdk(requestOf(headers, body), credentials, date);

      const signed = await signer.sign(requestOf(headers, body), { signingDate: date });

      expect(signed.headers).toEqual(expected);
    }),
  );
});

it('signs a request again with the date and the credentials of the new attempt', async () => {
  const dates = [new Date('2026-11-26T23:59:59Z'), new Date('2026-11-27T00:00:00Z')] as const;
  let credentials: Credentials = { ...CREDENTIALS, sessionToken: 'first' };
  const signer = createSigner({ service: SERVICE, region: REGION, readCredentials: () => credentials });
  const request = requestOf({ 'x-amz-target': 'DynamoDB_20120810.GetItem' }, '{}');
  const expected = await signedBySdk(request, CREDENTIALS, dates[1]);

  await signer.sign(request, { signingDate: dates[0] });
  credentials = CREDENTIALS;
  const again = await signer.sign(request, { signingDate: dates[1] });

  expect(again.headers).toEqual(expected);
});

it('refuses to sign a request with a path or a query, which it would sign wrongly', async () => {
  const signer = createSigner({ service: SERVICE, region: REGION, readCredentials: () => CREDENTIALS });
  const request = requestOf({}, '');

  await expect(signer.sign({ ...request, path: '/123/queue' })).rejects.toThrow(
    'only requests to the path /',
  );
  await expect(signer.sign({ ...request, query: { a: '1' } })).rejects.toThrow('only requests to the path /');
});
