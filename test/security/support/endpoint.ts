import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '../../support/http-server.ts';

/** Longer than the time after which an endpoint is marked slow. */
const HANG_MS = 6_000;

/** Returns the status of the nth request of an event type, and the time until its response. */
type Behaviour = (
  nth: number,
  isChallenge: boolean,
  eventType: string,
) => { status: number; afterMs?: number };

/** How the endpoint behaves, by the first segment of the path. */
const BEHAVIOURS = {
  ok: () => ({ status: 200 }),
  fails: (_, isChallenge) => ({ status: isChallenge ? 200 : 500 }),
  fails_first_challenge: (nth, isChallenge) => ({ status: isChallenge && nth === 1 ? 500 : 200 }),
  always_fails: () => ({ status: 500 }),
  hangs_first: (nth, isChallenge, eventType) =>
    isChallenge || eventType === 'file.deleted'
      ? { status: 200 }
      : { status: 500, afterMs: nth === 1 ? HANG_MS : 0 },
  hangs_second: (nth, isChallenge) => ({
    status: isChallenge ? 200 : 500,
    afterMs: !isChallenge && nth === 2 ? HANG_MS : 0,
  }),
  /** 410 on the first lane, on the retry lane, and on the slow lane. */
  gone_at_first: (_, isChallenge) => ({ status: isChallenge ? 200 : 410 }),
  gone_at_retry: (nth, isChallenge) => ({ status: isChallenge ? 200 : nth === 1 ? 500 : 410 }),
  gone_when_slow: (nth, isChallenge) => {
    if (isChallenge) return { status: 200 };
    return nth === 1 ? { status: 500, afterMs: HANG_MS } : { status: 410 };
  },
} as const satisfies Record<string, Behaviour>;
type BehaviourName = keyof typeof BEHAVIOURS;

export interface Endpoint {
  /** `part` distinguishes endpoints of the same behaviour. */
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
    const { status, afterMs = 0 } = behaviour(nth, isChallenge, eventType);
    await sleep(afterMs);
    const challenge = isChallenge ? JSON.parse(body.toString()).data.challenge : undefined;
    return { status, body: JSON.stringify({ challenge }) };
  });
  return {
    url: (behaviour, part = '') => `${server.url}/${behaviour}/${part}`,
    close: () => server.close(),
  };
}
