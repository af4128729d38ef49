import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { HttpRequest, RequestSigner } from '@smithy/types';
import type { Credentials } from './credentials.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The headers that AWS's own signer leaves out, since a proxy or this client's connection may change them. */
const UNSIGNED = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);
const UNSIGNED_PREFIX = /^(?:proxy|sec)-/;

export interface SignerOptions {
  /** The service's name in signatures, such as `events` for EventBridge. */
  readonly service: string;
  readonly region: string;
  /** Called for each request, since credentials may change. */
  readonly readCredentials: () => Credentials;
}

/** A key that signs for one day. Deriving it takes four hashes. */
interface DerivedKey {
  readonly secretAccessKey: string;
  readonly day: string;
  readonly key: KeyObject;
}

/**
 * Signs requests of AWS's JSON protocols with Signature Version 4, as the SDK's own signer does, and keeps the
 * key that it derives. It changes the request that it is given.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigner({ service, region, readCredentials }: SignerOptions): RequestSigner {
  let derived: DerivedKey | undefined;

  const keyFor = (secretAccessKey: string, day: string): KeyObject => {
    if (derived?.day !== day || derived.secretAccessKey !== secretAccessKey) {
      const dayKey = hmac(`AWS4${secretAccessKey}`, day);
      const key = createSecretKey(hmac(hmac(hmac(dayKey, region), service), 'aws4_request'));
      derived = { secretAccessKey, day, key };
    }
    return derived.key;
  };

  return {
    async sign(request, { signingDate = new Date() } = {}) {
      if (request.path !== '/' || hasQuery(request)) {
        throw new Error(
          `only requests to the path / are signed, not to ${request.path}; use the SDK's own signer`,
        );
      }
      const credentials = readCredentials();
      const time = timestampOf(signingDate);
      const day = time.slice(0, 8);
      const { headers } = request;
      // The SDK signs each attempt of a call, and passes the signed headers of the attempt before.
      if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
      else if (headers['x-amz-security-token'] !== undefined) delete headers['x-amz-security-token'];
      headers['x-amz-date'] = time;
      const bodyHash = hash('sha256', request.body ?? '', 'hex');
      headers['x-amz-content-sha256'] = bodyHash;

      const signed = signedHeaders(headers);
      const names = signed.map(({ name }) => name).join(';');
      const lines = signed.map(({ name, value }) => `${name}:${value}\n`).join('');
      const canonical = `${request.method}\n/\n\n${lines}\n${names}\n${bodyHash}`;
      const scope = `${day}/${region}/${service}/aws4_request`;
      const signature = createHmac('sha256', keyFor(credentials.secretAccessKey, day))
        .update(`${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`)
        .digest('hex');
      headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
      return request;
    },
  };
}

function hasQuery({ query }: HttpRequest): boolean {
  return query !== undefined && Object.keys(query).length > 0;
}

/** `20261126T120000Z`. */
function timestampOf(date: Date | string | number): string {
  return `${new Date(date).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function signedHeaders(headers: HttpRequest['headers']): { name: string; value: string }[] {
  return Object.entries(headers)
    .map(([name, value]) => ({ name: name.toLowerCase(), value: canonicalValue(value) }))
    .filter(({ name }) => !UNSIGNED.has(name) && !UNSIGNED_PREFIX.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function canonicalValue(value: string): string {
  return /[\s]/.test(value) ? value.replace(/[\r\n\t ]+/g, ' ').replace(/^ | $/g, '') : value;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
