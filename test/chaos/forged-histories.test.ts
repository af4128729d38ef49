import { describe, expect, it } from 'vitest';
import type { Fact, FactOf } from '../../chaos/history.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type RunResult, runScenario } from '../../chaos/run-scenario.ts';
import { setup } from './default-setup.ts';
import { scenario, webhook } from './scenarios.ts';

const failing = scenario({ webhooks: [webhook({ answers: ['error'] }), webhook({ account: 1 })] });

/** Each check must detect a history that violates its invariant. */
describe('the checks', () => {
  it('find no violation in a correct run', async () => {
    const result = await runScenario(failing, setup);

    expect(findViolations(failing, result)).toEqual([]);
    expect(posts(result).map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2', '3', '4']);
  });

  const forgeries: readonly [string, (result: RunResult) => RunResult, RegExp][] = [
    ['a missing record', withFinal({ records: [] }), /it is lost: it has no record/],
    ['a missing event', withFinal({ events: [] }), /is neither stored nor undispatched/],
    ['an empty exhausted queue', withoutExhausted, /is not on the exhausted queue/],
    ['a run that does not end', withFinal({ settled: false }), /did not end/],
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
      'a record that leaves its final status',
      recordedAgain({ status: 'delivered' }),
      /was recorded as delivered, and then as exhausted/,
    ],
    [
      'a record that waits for a retry without the time of it',
      recordedAgain({ status: 'retrying' }),
      /its record is retrying, and its next attempt is at undefined/,
    ],
    ['a batch that ends before its records are written', endingEarly, /ended before its record was written/],
    ['a call that is open when a function returns', withOpenCall, /returned while UpdateItem were open/],
    [
      'an event that is stored before a secret is decrypted',
      unwrappedLate,
      /could not have decrypted a secret/,
    ],
    ['a sender that makes a disabled webhook active', writtenBySender, /a sender changed it from disabled/],
  ];
  for (const [what, forge, expected] of forgeries) {
    it(`detect ${what} [FAULT-1]`, async () => {
      const result = await runScenario(failing, setup);

      const violations = findViolations(failing, forge(result));

      expect(violations.join('\n')).toMatch(expected);
    });
  }
});

describe('the checks of rotations', () => {
  const rotating = scenario({
    webhooks: [webhook({ answers: ['error'] })],
    actions: [
      ...scenario().actions,
      { do: 'rotate', at: 5_000, webhook: 0, graceSeconds: 3_600 },
      { do: 'rotate', at: 20_000, webhook: 0, secret: 'first', graceSeconds: 600, key: 0 },
      { do: 'rotate', at: 21_000, webhook: 0, secret: 'first', graceSeconds: 600, key: 0 },
    ],
  });

  it('find no violation in a correct run, whose last attempt has two signatures', async () => {
    const result = await runScenario(rotating, setup);

    expect(findViolations(rotating, result)).toEqual([]);
    expect(posts(result).at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(result.history.facts.filter((fact) => fact.kind === 'acted').map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
  });

  const withSecrets =
    (change: (secrets: readonly Record<string, unknown>[]) => unknown) =>
    (result: RunResult): RunResult =>
      withFacts(
        result,
        result.history.facts.map((fact) =>
          fact.kind === 'webhook_written' && fact.by === 'serve-api' && Array.isArray(fact.item?.secrets)
            ? { ...fact, item: { ...fact.item, secrets: change(fact.item.secrets) } }
            : fact,
        ),
      );
  const forgeries: readonly [string, (result: RunResult) => RunResult, RegExp][] = [
    ['a signature of a secret that was removed', withSecrets((all) => all.slice(0, 1)), /signature is wrong/],
    [
      'a secret that is removed before its expiry',
      withSecrets((all) => all.slice(0, 1)),
      /a secret was removed before its expiry/,
    ],
    [
      'a replaced secret that signs for longer than requested',
      withSecrets((all) =>
        all.map((one, n) => (n === 0 ? one : { ...one, expires_at: '2099-01-01T00:00:00Z' })),
      ),
      /signs for \d+ ms, which no rotation requested/,
    ],
    [
      'a rotation that is made twice',
      withSecrets((all) => all.map((one) => ({ ...one, rotation: 'the same' }))),
      /the rotation the same was made \d times/,
    ],
    [
      'a secret that was answered and not stored',
      (result) =>
        withFacts(
          result,
          result.history.facts.map((fact) => (fact.kind === 'acted' ? { ...fact, secret: 'another' } : fact)),
        ),
      /answered a secret that never became the current one/,
    ],
  ];
  for (const [what, forge, expected] of forgeries) {
    it(`detect ${what}`, async () => {
      const result = await runScenario(rotating, setup);

      expect(findViolations(rotating, forge(result)).join('\n')).toMatch(expected);
    });
  }
});

function posts({ history }: RunResult): FactOf<'posted'>[] {
  return history.facts.filter((fact) => fact.kind === 'posted');
}

function withFacts({ history, ...rest }: RunResult, facts: readonly Fact[]): RunResult {
  return { ...rest, history: { ...history, facts: [...facts] } };
}

function withFinal(change: Partial<RunResult['finalState']>): (result: RunResult) => RunResult {
  return ({ finalState, ...rest }) => ({ ...rest, finalState: { ...finalState, ...change } });
}

function withoutExhausted({ finalState, ...rest }: RunResult): RunResult {
  return { ...rest, finalState: { ...finalState, queues: { ...finalState.queues, Exhausted: [] } } };
}

function withStatus(status: string): (result: RunResult) => RunResult {
  return ({ finalState, ...rest }) => ({
    ...rest,
    finalState: { ...finalState, records: finalState.records.map((record) => ({ ...record, status })) },
  });
}

/** Adds a changed copy of the last request. `at`: milliseconds after the last request. */
function withPost(change: { at?: number; url?: string; body?: string; headers?: Record<string, string> }) {
  return (result: RunResult): RunResult => {
    const last = posts(result).at(-1);
    if (last === undefined) throw new Error('nothing was POSTed');
    const { at = 0, headers = {}, ...rest } = change;
    const forged = {
      ...last,
      ...rest,
      post: last.post + 1,
      at: last.at + at,
      headers: { ...last.headers, ...headers },
    };
    return withFacts(result, [...result.history.facts, forged]);
  };
}

/** Adds a changed state of the record before its last state. */
function recordedAgain(change: Record<string, unknown>): (result: RunResult) => RunResult {
  return (result) => {
    const { facts } = result.history;
    const last = facts.findLastIndex(({ kind }) => kind === 'record_written');
    const written = facts[last];
    if (written?.kind !== 'record_written') throw new Error('nothing was recorded');
    const before = Object.entries({ ...written.item, ...change }).filter(([, value]) => value !== undefined);
    return withFacts(result, facts.toSpliced(last, 0, { ...written, item: Object.fromEntries(before) }));
  };
}

/** Moves the end of the function to the time when it read the answer. */
function endingEarly(result: RunResult): RunResult {
  const { facts } = result.history;
  const end = facts.findIndex((fact) => fact.kind === 'run_ended' && fact.caller.role === 'sender');
  const read = facts.findIndex(({ kind }) => kind === 'answer_read');
  const ended = facts[end];
  if (ended === undefined) throw new Error('no sender ended');
  return withFacts(result, facts.toSpliced(end, 1).toSpliced(read + 1, 0, ended));
}

function withOpenCall(result: RunResult): RunResult {
  const facts = result.history.facts.map(
    (fact): Fact => (fact.kind === 'run_ended' ? { ...fact, openCalls: ['UpdateItem'] } : fact),
  );
  return withFacts(result, facts);
}

function unwrappedLate(result: RunResult): RunResult {
  const { facts } = result.history;
  const isUnwrapped = ({ kind }: Fact): boolean => kind === 'key_unwrapped';
  return withFacts(result, [...facts.filter((fact) => !isUnwrapped(fact)), ...facts.filter(isUnwrapped)]);
}

function writtenBySender(result: RunResult): RunResult {
  const { facts } = result.history;
  const written = facts.find((fact) => fact.kind === 'webhook_written');
  if (written?.kind !== 'webhook_written') throw new Error('no webhook was written');
  const disabled = { ...written, item: { ...written.item, status: 'disabled' } };
  return withFacts(result, [...facts, disabled, { ...written, by: 'sender' }]);
}
