import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '../../support/http-server.ts';

/** Longer than the time after which an endpoint is marked slow. */
const HANG_MS = 6_000;

/** The status of the nth request of a kind, and how long it takes. */
type Behaviour = (
  nth: number,
  isChallenge: boolean,
  eventType: string,
) => { status: number; afterMs?: number; headers?: Record<string, string> };

/** How a customer's server behaves, by the first part of the path. */
const BEHAVIOURS = {
  ok: () => ({ status: 200 }),
  fails: (_, isChallenge) => ({ status: isChallenge ? 200 : 500 }),
  answers_late: (nth, isChallenge) => ({ status: isChallenge && nth === 1 ? 500 : 200 }),
  busy: (_, isChallenge) =>
    isChallenge ? { status: 200 } : { status: 503, headers: { 'retry-after': '2' } },
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
  const server = await startHttpServer(async ({ path, headers, body }) => {
    const eventType = String(headers['x-webhook-event']);
    const isChallenge = eventType === 'webhook.verification';
    const name = Object.keys(BEHAVIOURS).find((known) => path.startsWith(`/${known}/`));
    const behaviour: Behaviour = BEHAVIOURS[name as BehaviourName];
    const counted = `${path} ${eventType}`;
    const nth = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, nth);
    const { status, afterMs = 0, headers: responseHeaders = {} } = behaviour(nth, isChallenge, eventType);
    await sleep(afterMs);
    const challenge = isChallenge ? JSON.parse(body.toString()).data.challenge : undefined;
    return { status, headers: responseHeaders, body: JSON.stringify({ challenge }) };
  });
  return {
    url: (behaviour, part = '') => `${server.url}/${behaviour}/${part}`,
    close: () => server.close(),
  };
}
