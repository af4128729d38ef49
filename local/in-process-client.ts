import type { AwsCalls, Json, ServiceName } from './aws-calls.ts';

/** The part of an SDK client that our code uses. */
export interface InProcessClient {
  // The SDK types `send` by overloads over every command; one structural signature cannot name them all.
  // biome-ignore lint/suspicious/noExplicitAny: replaces any SDK client's `send`
  send(command: any): Promise<any>;
}

/** Fields that are base64 in the JSON protocols and bytes in the SDK. */
const BLOB_FIELDS = new Set(['CiphertextBlob', 'Plaintext', 'B']);

/**
 * Replaces an SDK client, without HTTP. It takes the same commands, makes the same calls with authorization, faults and
 * metering, and throws errors with the same names.
 */
export function createInProcessClient(
  calls: AwsCalls,
  principal: string,
  service: ServiceName,
): InProcessClient {
  return {
    async send(command: { constructor: { name: string }; input: Json }) {
      const action = command.constructor.name.replace(/Command$/, '');
      const output = await calls.call({ principal, service, action, input: asObject(toWire(command.input)) });
      return fromWire(output);
    },
  };
}

function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, toWire(item)]),
  );
}

function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      BLOB_FIELDS.has(name) && typeof item === 'string'
        ? new Uint8Array(Buffer.from(item, 'base64'))
        : fromWire(item),
    ]),
  );
}

function asObject(value: unknown): Json {
  return Object.fromEntries(Object.entries(Object(value)));
}
