import type { RequestSigner } from '@smithy/types';
import { readCredentials, readRegion } from './credentials.ts';
import { convertWithJson } from './json-messages.ts';
import { createRequestHandler } from './request-handler.ts';
import { createSigner } from './signer.ts';

/** AWS usually responds within milliseconds, so a call that takes longer is retried. */
const REQUEST_TIMEOUT_MS = 2_000;
const CONNECTION_TIMEOUT_MS = 1_000;
/** The SDK's own default: one call and two retries, with jittered backoff. */
const MAX_ATTEMPTS = 3;

/**
 * Steps of the SDK that these functions do not need. Each takes 1 to 20 microseconds of every call. The request handler
 * sets the length, the user agent and the trace header.
 */
const REMOVED_MIDDLEWARE = [
  'getUserAgentMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
  'contentLengthMiddleware',
];

interface AwsClient {
  readonly middlewareStack: { remove(name: string): boolean };
}

/** The part of a client that functions use. */
interface Sender {
  readonly send: unknown;
}

/** Creates a client. `service` is its name in signatures. */
export type CreateClient = <Client extends AwsClient>(
  Client: new (settings: AwsClientSettings) => Client,
  service: 'dynamodb' | 'events' | 'kms' | 'sqs',
) => Client;

type AwsClientSettings = ReturnType<typeof commonSettings> & { readonly signer: RequestSigner };

export interface AwsConnections {
  /** At least the number of the function's concurrent calls of one service. */
  readonly maxSockets: number;
  /** Certificate authority, in PEM, for tests and benchmarks. @default Node's own */
  readonly ca?: string;
}

/**
 * Prepares the AWS clients of a function: they share kept connections, timeouts, and the credentials and the region that
 * Lambda sets as environment variables.
 */
export function createClientFactory(connections: AwsConnections): CreateClient {
  const settings = commonSettings(connections);
  const { region } = settings;
  return (Client, service) => {
    const client = new Client({ ...settings, signer: createSigner({ service, region, readCredentials }) });
    for (const name of REMOVED_MIDDLEWARE) {
      if (!client.middlewareStack.remove(name)) {
        throw new Error(`the SDK has no middleware ${name}; remove it from the list of removed middleware`);
      }
    }
    convertWithJson(client, service);
    return client;
  };
}

/** A client that is made at its first call: for a service that few invocations call. */
export function createAtFirstCall<Client extends Sender>(create: () => Client): Pick<Client, 'send'> {
  let client: Client | undefined;
  const send = (...call: unknown[]): unknown => {
    client ??= create();
    const { send: sendCommand } = client as { send: (...call: unknown[]) => unknown };
    return sendCommand.apply(client, call);
  };
  return { send: send as Client['send'] };
}

function commonSettings(connections: AwsConnections) {
  return {
    region: readRegion(),
    credentials: async () => readCredentials(),
    maxAttempts: MAX_ATTEMPTS,
    // The chain of middleware is built once for each kind of command instead of for each call.
    cacheMiddleware: true,
    // TLS protects the bodies of messages. Without this, SQS's client hashes each message that SQS accepted.
    md5: false as const,
    requestHandler: createRequestHandler({
      ...connections,
      connectTimeoutMs: CONNECTION_TIMEOUT_MS,
      timeoutMs: REQUEST_TIMEOUT_MS,
    }),
  };
}
