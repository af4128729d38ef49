import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../command/listen/describe.ts';
import type { ForwardResult } from '../../command/listen/forward.ts';
import { type ListenEvent, listen, POLL_MS } from '../../command/listen/listen.ts';
import type { ListenedDelivery } from '../../command/listen/listener-api.ts';
import { run as runCommand } from '../../command/main.ts';
import { type Api, ApiRefusal } from '../../local/api-client.ts';
import { createTestTimer } from '../support/test-timer.ts';

const delivery = (id: string, change: Partial<ListenedDelivery> = {}): ListenedDelivery => ({
  id,
  event_id: `evt_of_${id}`,
  event_type: 'file.uploaded',
  accepted_at: '2026-01-15T10:30:00.000Z',
  headers: { 'webhook-id': `evt_of_${id}` },
  body: '{"id":"evt"}',
  limit_reached: false,
  ...change,
});

const ANSWERED: ForwardResult = { kind: 'answered', status: 200, body: '', bodyCut: false, durationMs: 1 };

type Poll = { readonly data: readonly ListenedDelivery[]; readonly next_cursor: string | null } | Error;

/** Runs the command against an API that answers the polls in turn, and ends it after the last one. */
async function run(polls: readonly Poll[], { secret }: { secret?: string } = {}) {
  const ended = new AbortController();
  const clock = createTestTimer();
  const calls: string[] = [];
  const created: unknown[] = [];
  const forwarded: ListenedDelivery[] = [];
  const shown: ListenEvent[] = [];
  const remainingPolls = [...polls];
  const api: Api = {
    async call(method, path, body) {
      calls.push(`${method} ${path}`);
      if (method === 'POST') {
        created.push(body);
        return { id: `lsn_${created.length}`, secret: Object(body).secret ?? 'whsec_new' };
      }
      if (method === 'DELETE') return {};
      const answer = remainingPolls.shift();
      if (remainingPolls.length === 0) ended.abort();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no further answer');
      return { ...answer };
    },
  };
  const forward = async (one: ListenedDelivery): Promise<ForwardResult> => {
    forwarded.push(one);
    return ANSWERED;
  };
  const deps = { api, forward, clock, show: (event: ListenEvent) => shown.push(event), signal: ended.signal };
  const result = await listen(deps, { events: ['file.*'], secret }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { calls, created, forwarded, shown, waits: clock.waits, error: result };
}

const EMPTY = { data: [], next_cursor: null };

describe('listen', () => {
  it('polls every two seconds, and again at once after a page, with its cursor', async () => {
    const page = { data: [delivery('dlv_1'), delivery('dlv_2')], next_cursor: 'after' };

    const { calls, waits, forwarded } = await run([EMPTY, page, EMPTY, EMPTY]);

    expect(calls).toEqual([
      'POST /v1/listeners',
      'GET /v1/listeners/lsn_1/deliveries',
      'GET /v1/listeners/lsn_1/deliveries',
      'GET /v1/listeners/lsn_1/deliveries?cursor=after',
      'GET /v1/listeners/lsn_1/deliveries',
      'DELETE /v1/listeners/lsn_1',
    ]);
    expect(waits).toEqual([POLL_MS, POLL_MS, POLL_MS]);
    expect(forwarded.map(({ id }) => id)).toEqual(['dlv_1', 'dlv_2']);
  });

  it('forwards a delivery only once when the API lists it again', async () => {
    const page = { data: [delivery('dlv_1')], next_cursor: 'after' };

    const { forwarded } = await run([page, page, EMPTY]);

    expect(forwarded).toHaveLength(1);
  });

  it('creates another listener with the same secret when its own does not exist any more', async () => {
    const gone = new ApiRefusal(404, 'gone');

    const { created, shown, calls } = await run([gone, EMPTY]);

    expect(created).toEqual([
      { events: ['file.*'], secret: undefined },
      { events: ['file.*'], secret: 'whsec_new' },
    ]);
    expect(shown.map(({ kind }) => kind)).toEqual(['listening', 'listening']);
    expect(calls.at(-1)).toBe('DELETE /v1/listeners/lsn_2');
  });

  it('repeats a poll that failed after growing waits, with the same cursor', async () => {
    const page = { data: [delivery('dlv_1')], next_cursor: 'after' };
    const failures = Array.from({ length: 6 }, () => new ApiRefusal(503, 'unavailable'));

    const { waits, shown, calls } = await run([page, ...failures, EMPTY]);

    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, POLL_MS]);
    expect(shown.filter(({ kind }) => kind === 'trouble')).toHaveLength(6);
    expect(calls.at(-2)).toBe('GET /v1/listeners/lsn_1/deliveries?cursor=after');
  });

  it('ends when the API refuses its key, and tries to delete the listener', async () => {
    const { error, calls } = await run([new ApiRefusal(401, 'revoked'), EMPTY]);

    expect(error).toMatchObject({ message: 'the API refused the request (401): revoked' });
    expect(calls.at(-1)).toBe('DELETE /v1/listeners/lsn_1');
  });
});

describe('what listen prints', () => {
  const of = { url: 'http://localhost:3000/hook', events: ['file.*'] };

  it('shows the request, the answer and a reached limit, without control characters', () => {
    const { text, json } = describeEvent(
      {
        kind: 'forwarded',
        delivery: delivery('dlv_1', { limit_reached: true }),
        result: { ...ANSWERED, status: 500, body: 'bad\u001b[2J', durationMs: 12 },
      },
      of,
    );

    expect(text.split('\n')).toEqual([
      'file.uploaded  evt_of_dlv_1  dlv_1  ->  500 in 12 ms',
      '  request  {"id":"evt"}',
      '  answer   bad?[2J',
      '  The limit of a listener was reached: further events of this second may be missing.',
    ]);
    expect(json).toMatchObject({
      delivery: { headers: { 'webhook-id': 'evt_of_dlv_1' }, body: '{"id":"evt"}' },
      answer: { status: 500, duration_ms: 12 },
    });
  });

  it('shows why a request had no answer', () => {
    const { text } = describeEvent(
      {
        kind: 'forwarded',
        delivery: delivery('dlv_1'),
        result: { kind: 'failed', reason: 'the connection was refused', durationMs: 1 },
      },
      of,
    );

    expect(text).toContain('->  no answer: the connection was refused');
  });
});

describe('the arguments of listen', () => {
  it.each([
    [[], "required option '--forward-to <url>' not specified"],
    [['--forward-to', 'localhost:3000'], 'only "https:" is allowed'],
    [
      ['--forward-to', 'http://localhost:3000', '--api-url', 'https://api.example'],
      '--api-url needs --api-key',
    ],
  ])('%j are refused in one line', async (args, reason) => {
    const printed: string[] = [];
    const print = (text: string) => printed.push(text);

    const status = await runCommand(['listen', ...args], { out: print, error: print, isTerminal: false });

    expect(status).toBe(1);
    expect(printed).toEqual([expect.stringContaining(reason)]);
  });
});
