/** The headers of a delivery that a signature depends on. Absent ones are undefined. */
export interface SignedHeaders {
  readonly timestamp: string | undefined;
  /** Of `X-Webhook-Signature`, without `sha256=`, in lower case. */
  readonly hex: string | undefined;
  /** Of `X-Webhook-Signature-Previous`. */
  readonly previousHex: string | undefined;
  readonly standardId: string | undefined;
  readonly standardTimestamp: string | undefined;
  /** Each signature of `webhook-signature`, with its version: `v1,…`. */
  readonly standard: readonly string[];
  readonly eventType: string | undefined;
  readonly contentLength: string | undefined;
}

/**
 * Finds the headers in a text: lines of a request, JSON, or how Node, Python, Go, Java and PHP (`HTTP_X_WEBHOOK_…`) print
 * them. Everything else in the text is ignored.
 */
export function readHeaders(text: string): SignedHeaders {
  const word = (name: string): string | undefined => findValue(text, name)?.match(/^[^\s,;}]+/)?.[0];
  const hex = (name: string): string | undefined =>
    word(name)
      ?.replace(/^sha256=/i, '')
      .toLowerCase();
  return {
    timestamp: word('x-webhook-timestamp'),
    hex: hex('x-webhook-signature'),
    previousHex: hex('x-webhook-signature-previous'),
    standardId: word('webhook-id'),
    standardTimestamp: word('webhook-timestamp'),
    standard: findValue(text, 'webhook-signature')?.match(/v\d\w*,[\w+/=*-]+/g) ?? [],
    eventType: word('x-webhook-event'),
    contentLength: word('content-length'),
  };
}

function findValue(text: string, name: string): string | undefined {
  // PHP has the headers as HTTP_X_WEBHOOK_…. Names with underscores alone, such as webhook_id, are fields of bodies and logs.
  const names = `(?:${name}|http_${name.replaceAll('-', '_')})`;
  const separator = '["\'\\\\\\]]*[^\\S\\n]*(?:=>|[:=])[^\\S\\n]*(?:\\[\\s*)?\\\\?["\']?';
  const pattern = `(?<![\\w-])${names}${separator}([^"'\\\\\\r\\n\\]]+)`;
  return new RegExp(pattern, 'i').exec(text)?.[1]?.trim();
}

/** Whether the signatures are the masks that the console's own screens show. */
export function isMasked({ hex, previousHex, standard }: SignedHeaders): boolean {
  return [hex, previousHex, ...standard].some((signature) => signature?.includes('*'));
}
