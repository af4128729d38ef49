import type { IncomingMessage, ServerResponse } from 'node:http';

/** The `data` of a benchmark's event. */
export interface ReceivedData {
  readonly number: number;
  readonly published_at: number;
}

/** Reads the body of a delivery. Undefined: it was a challenge, and is answered. */
export async function receiveEvent(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ReceivedData | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { type, data } = JSON.parse(Buffer.concat(chunks).toString());
  if (type !== 'webhook.verification') return data;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ challenge: data.challenge }));
  return undefined;
}
