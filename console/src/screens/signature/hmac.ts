const PREFIX = 'whsec_';

const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** False on http, except on localhost: the browser offers no cryptography there. */
export const canSign = (): boolean => globalThis.crypto?.subtle !== undefined;

/** HMAC-SHA256 of `<timestamp>.<body>` in hex, with the whole secret as the key. */
export async function signPlain(secret: string, timestamp: string, body: string): Promise<string> {
  const bytes = await hmac(toBytes(secret), `${timestamp}.${body}`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The signature of Standard Webhooks, `v1,…`. Undefined: the secret begins with `whsec_` and is not base64. */
export async function signStandard(
  secret: string,
  id: string,
  timestamp: string,
  body: string,
): Promise<string | undefined> {
  const key = standardKey(secret);
  if (key === undefined) return undefined;
  return `v1,${btoa(String.fromCharCode(...(await hmac(key, `${id}.${timestamp}.${body}`))))}`;
}

/** The bytes after `whsec_`, or the whole secret when it has no such prefix. */
function standardKey(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return secret.startsWith(PREFIX) ? decodeBase64(secret.slice(PREFIX.length)) : toBytes(secret);
}

/** Undefined: not base64, or nothing. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return bytes.length === 0 ? undefined : bytes;
  } catch {
    return undefined;
  }
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, toBytes(text)));
}
