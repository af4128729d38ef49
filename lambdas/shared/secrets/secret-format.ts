/** Shorter secrets can be guessed. Longer ones add no security to HMAC-SHA256, whose block is 64 bytes. */
export const MIN_SECRET_CHARACTERS = 16;
export const MAX_SECRET_CHARACTERS = 256;

/** Secrets with this prefix are base64, and are decoded for the Standard Webhooks signature. */
export const STANDARD_SECRET_PREFIX = 'whsec_';

/** Half of HMAC-SHA256's output; Standard Webhooks recommends 24 to 64. */
const MIN_DECODED_BYTES = 16;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Why a signing secret that a customer chose cannot be used, or undefined when it can. The reason never contains the
 * secret. After `whsec_`, a secret must be canonical, padded base64, so that every verifying library can decode it.
 */
export function whySecretRefused(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_CHARACTERS || secret.length > MAX_SECRET_CHARACTERS) {
    return `the secret has ${secret.length} characters; use ${MIN_SECRET_CHARACTERS} to ${MAX_SECRET_CHARACTERS}`;
  }
  if (!PRINTABLE_ASCII.test(secret)) return 'the secret has characters outside printable ASCII';
  if (!secret.startsWith(STANDARD_SECRET_PREFIX)) return undefined;
  const encoded = secret.slice(STANDARD_SECRET_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) {
    return `a secret that begins with "${STANDARD_SECRET_PREFIX}" must continue with padded base64`;
  }
  if (bytes.length < MIN_DECODED_BYTES) {
    return `the secret has ${bytes.length} bytes after "${STANDARD_SECRET_PREFIX}"; use at least ${MIN_DECODED_BYTES}`;
  }
  return undefined;
}
