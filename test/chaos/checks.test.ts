import { describe, expect, it } from 'vitest';
import type { Fact, FactOf } from '../../chaos/history.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type Played, play } from '../../chaos/play.ts';
import { createStage } from '../../chaos/stage.ts';
import { scenario, webhook } from './scenarios.ts';

const stage = await createStage();
const failing = scenario({ webhooks: [webhook({ answers: ['error'] }), webhook({ account: 1 })] });

/** Each check must notice a run that broke its invariant. */
describe('the checks', () => {
  it('find nothing in a run where nothing is wrong', async () => {
    const played = await play(failing, stage);

    expect(findViolations(failing, played)).toEqual([]);
    expect(posts(played).map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2', '3', '4']);
  });

  const forgeries: readonly [string, (played: Played) => Played, RegExp][] = [
    ['a record that is gone', withFinal({ records: [] }), /is lost: there is no trace/],
    ['an event that is gone', withFinal({ events: [] }), /is neither stored nor undispatched/],
    ['an empty exhausted queue', withoutExhausted, /is not on the exhausted queue/],
    ['a queue that never empties', withFinal({ settled: false }), /never ended/],
    ['a record that an attempt left unfinished', withStatus('retrying'), /nothing will retry it/],
    ['a success that no endpoint answered', withStatus('delivered'), /no endpoint answered 200/],
    ['a cancellation without cause', withStatus('canceled'), /was never deleted/],
    ['a held delivery of an active webhook', withStatus('held'), /was always active/],
    ['one request too many', withPost({}), /1 duplicate requests .* and 0 excused/],
    ['a fifth attempt', withPost({ headers: { 'X-Webhook-Attempt': '5' } }), /attempt 5 of at most 4/],
    ['a retry too early', withPost({ at: -30_001 }), /does not follow/],
    ['a request to another account', withPost({ url: 'https://w1.customer.example/0' }), /has no such event/],
    ['an altered body', withPost({ body: '{"data":{}}' }), /its signature is wrong/],
    [
      'another delivery id',
      withPost({ headers: { 'X-Webhook-Delivery': 'dlv_x' } }),
      /is not the id of this delivery/,
    ],
    [
      'an attempt that is recorded before the one after it',
      recordedAgain({ attempt_2: undefined }),
      /attempt 2 was recorded as failed after attempt 3/,
    ],
    [
      'an attempt that two copies recorded',
      recordedAgain({ attempt_2: { token: 'another' } }),
      /attempt 2 was recorded twice/,
    ],
    [
      'a record that leaves its end',
      recordedAgain({ status: 'delivered' }),
      /was recorded as delivered, and then as exhausted/,
    ],
    ['a batch that ends before its records are written', endingEarly, /ended before its record was written/],
    ['a call that is open when a function returns', withOpenCall, /returned while UpdateItem were open/],
    ['an event that is stored before a secret is opened', unwrappedLate, /could not have opened a secret/],
    ['a sender that makes a disabled webhook active', writtenBySender, /a sender changed it from disabled/],
  ];
  for (const [what, forge, expected] of forgeries) {
    it(`notice ${what} [FAULT-1]`, async () => {
      const played = await play(failing, stage);

      const violations = findViolations(failing, forge(played));

      expect(violations.join('\n')).toMatch(expected);
    });
  }
});

function posts({ history }: Played): FactOf<'posted'>[] {
  return history.facts.filter((fact) => fact.kind === 'posted');
}

function withFacts({ history, finalState }: Played, facts: readonly Fact[]): Played {
  return { history: { ...history, facts: [...facts] }, finalState };
}

function withFinal(change: Partial<Played['finalState']>): (played: Played) => Played {
  return ({ history, finalState }) => ({ history, finalState: { ...finalState, ...change } });
}

function withoutExhausted({ history, finalState }: Played): Played {
  return { history, finalState: { ...finalState, queues: { ...finalState.queues, Exhausted: [] } } };
}

function withStatus(status: string): (played: Played) => Played {
  return ({ history, finalState }) => ({
    history,
    finalState: { ...finalState, records: finalState.records.map((record) => ({ ...record, status })) },
  });
}

/** One request more: the last one, changed. `at`: milliseconds after it. */
function withPost(change: { at?: number; url?: string; body?: string; headers?: Record<string, string> }) {
  return (played: Played): Played => {
    const last = posts(played).at(-1);
    if (last === undefined) throw new Error('nothing was POSTed');
    const { at = 0, headers = {}, ...rest } = change;
    const forged = {
      ...last,
      ...rest,
      post: last.post + 1,
      at: last.at + at,
      headers: { ...last.headers, ...headers },
    };
    return withFacts(played, [...played.history.facts, forged]);
  };
}

/** Before its last state the record was in another. */
function recordedAgain(change: Record<string, unknown>): (played: Played) => Played {
  return (played) => {
    const { facts } = played.history;
    const last = facts.findLastIndex(({ kind }) => kind === 'record_written');
    const written = facts[last];
    if (written?.kind !== 'record_written') throw new Error('nothing was recorded');
    const before = Object.entries({ ...written.item, ...change }).filter(([, value]) => value !== undefined);
    return withFacts(played, facts.toSpliced(last, 0, { ...written, item: Object.fromEntries(before) }));
  };
}

/** The function returned when it had read the answer. */
function endingEarly(played: Played): Played {
  const { facts } = played.history;
  const end = facts.findIndex((fact) => fact.kind === 'run_ended' && fact.caller.role === 'sender');
  const read = facts.findIndex(({ kind }) => kind === 'answer_read');
  const ended = facts[end];
  if (ended === undefined) throw new Error('no sender ended');
  return withFacts(played, facts.toSpliced(end, 1).toSpliced(read + 1, 0, ended));
}

function withOpenCall(played: Played): Played {
  const facts = played.history.facts.map(
    (fact): Fact => (fact.kind === 'run_ended' ? { ...fact, openCalls: ['UpdateItem'] } : fact),
  );
  return withFacts(played, facts);
}

function unwrappedLate(played: Played): Played {
  const { facts } = played.history;
  const isUnwrapped = ({ kind }: Fact): boolean => kind === 'key_unwrapped';
  return withFacts(played, [...facts.filter((fact) => !isUnwrapped(fact)), ...facts.filter(isUnwrapped)]);
}

function writtenBySender(played: Played): Played {
  const { facts } = played.history;
  const written = facts.find((fact) => fact.kind === 'webhook_written');
  if (written?.kind !== 'webhook_written') throw new Error('no webhook was written');
  const disabled = { ...written, item: { ...written.item, status: 'disabled' } };
  return withFacts(played, [...facts, disabled, { ...written, by: 'sender' }]);
}
