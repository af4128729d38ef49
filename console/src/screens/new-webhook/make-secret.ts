const SECRET_BYTES = 32;

/**
 * A signing secret like those that the service makes. It is made here, so that it is known when the answer to the creation
 * is lost.
 */
export function makeSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))))}`;
}
