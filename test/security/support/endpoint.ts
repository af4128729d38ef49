import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than what marks an endpoint slow. */
const HANG_MS = 5_300;

/** The status of the nth request of a kind, and how long it takes. */
type Behaviour = (
  nth: number,
  isChallenge: boolean,
  eventType: string,
) => { status: number; afterMs?: number };

/** How a customer's server behaves, by the first part of the path. */
const BEHAVIOURS = {
  ok: () => ({ status: 200 }),
  fails: (_, isChallenge) => ({ status: isChallenge ? 200 : 500 }),
  answers_late: (nth, isChallenge) => ({ status: isChallenge && nth === 1 ? 500 : 200 }),
  never_answers: () => ({ status: 500 }),
  hangs_first: (nth, isChallenge, eventType) =>
    isChallenge || eventType === 'file.deleted'
      ? { status: 200 }
      : { status: 500, afterMs: nth === 1 ? HANG_MS : 0 },
  hangs_second: (nth, isChallenge) => ({
    status: isChallenge ? 200 : 500,
    afterMs: !isChallenge && nth === 2 ? HANG_MS : 0,
  }),
} as const satisfies Record<string, Behaviour>;
type BehaviourName = keyof typeof BEHAVIOURS;

export interface Endpoint {
  /** `part` tells endpoints of one behaviour apart. */
  url(behaviour: BehaviourName, part?: string): string;
  close(): Promise<void>;
}

export async function startEndpoint(): Promise<Endpoint> {
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const eventType = String(request.headers['x-webhook-event']);
    const isChallenge = eventType === 'webhook.verification';
    const name = Object.keys(BEHAVIOURS).find((known) => request.url?.startsWith(`/${known}/`));
    const behaviour: Behaviour = BEHAVIOURS[name as BehaviourName];
    const counted = `${request.url} ${eventType}`;
    const nth = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, nth);
    const { status, afterMs = 0 } = behaviour(nth, isChallenge, eventType);
    await sleep(afterMs);
    const challenge = isChallenge ? JSON.parse(Buffer.concat(chunks).toString()).data.challenge : undefined;
    response.writeHead(status).end(JSON.stringify({ challenge }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: (behaviour, part = '') => `http://127.0.0.1:${port}/${behaviour}/${part}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
