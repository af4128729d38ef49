/**
 * The headers of a response that are recorded, in order of importance: headers that the delivery depends on, headers
 * that help a customer to find the request in their own logs, and headers that identify the system that answered.
 * Cookies are never recorded.
 */
const RECORDED_HEADERS = [
  'retry-after',
  'content-type',
  'x-request-id',
  'x-correlation-id',
  'x-amzn-requestid',
  'x-amzn-trace-id',
  'x-amz-cf-id',
  'cf-ray',
  'x-vercel-id',
  'fly-request-id',
  'server',
  'www-authenticate',
  'allow',
  'content-length',
  'date',
] as const;

/** Bytes of all names and values. Keeps the record of four failed attempts within 4 KiB. */
export const MAX_RECORDED_HEADER_BYTES = 256;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are removed
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** The headers as undici passes them: a name that occurs more than once has a list. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The recorded headers, by lower-case name. A header that does not fit is left out: a cut value could mislead. */
export function recordedHeaders(received: ReceivedHeaders): Record<string, string> {
  const recorded: Record<string, string> = {};
  let bytes = 0;
  for (const name of RECORDED_HEADERS) {
    const value = firstValue(received[name]);
    if (value === undefined || value === '') continue;
    const size = name.length + Buffer.byteLength(value);
    if (bytes + size > MAX_RECORDED_HEADER_BYTES) continue;
    recorded[name] = value;
    bytes += size;
  }
  return recorded;
}

/** The first value of a header, without characters that could confuse a log or a terminal. */
export function firstValue(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  return value?.replace(CONTROL_CHARACTERS, '').toWellFormed();
}
