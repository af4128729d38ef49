import { describe, expect, it } from 'vitest';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type Played, play } from '../../chaos/play.ts';
import { createStage } from '../../chaos/stage.ts';
import { scenario, webhook } from './scenarios.ts';

const stage = await createStage();
const failing = scenario({ webhooks: [webhook({ answers: ['error'] }), webhook({ account: 1 })] });

/** The checks hold a run against what must be: each must notice when it is otherwise. */
describe('the checks', () => {
  it('find nothing in a run where nothing is wrong', async () => {
    const played = await play(failing, stage);

    expect(findViolations(failing, played)).toEqual([]);
    expect(played.history.posts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  const forgeries: readonly [string, (played: Played) => Played, RegExp][] = [
    ['a record that is gone', withRemains({ records: [] }), /is lost: no trace/],
    ['an event that is gone', withRemains({ events: [] }), /is nowhere/],
    [
      'an empty exhausted queue',
      (played) => withQueue(played, 'Exhausted', []),
      /does not lie on the exhausted/,
    ],
    ['a queue that never empties', withRemains({ settled: false }), /never came to rest/],
    ['a record left behind by an attempt', withStatus('retrying'), /nothing will retry it/],
    ['a success that nobody saw', withStatus('delivered'), /no endpoint said so/],
    ['a cancellation without cause', withStatus('canceled'), /was never deleted/],
    ['a held delivery of an active webhook', withStatus('held'), /was active all the while/],
    ['a request too many', (played) => withPost(played, (post) => post), /requests too many/],
    [
      'a fifth attempt',
      (played) => withPost(played, (post) => ({ ...post, attempt: 5 })),
      /attempt 5 of at most 4/,
    ],
    [
      'a retry too early',
      (played) => withPost(played, (post) => ({ ...post, at: post.at - 30_001 })),
      /does not follow/,
    ],
    [
      'a request to another account',
      (played) => withPost(played, (post) => ({ ...post, url: 'https://w1.customer.example/0' })),
      /has no such event/,
    ],
    [
      'an altered body',
      (played) => withPost(played, (post) => ({ ...post, body: '{}' })),
      /its signature is wrong/,
    ],
    [
      'another delivery id',
      (played) => withPost(played, (post) => ({ ...post, deliveryId: 'dlv_x' })),
      /is not the id/,
    ],
  ];
  for (const [what, forge, expected] of forgeries) {
    it(`notice ${what}`, async () => {
      const played = await play(failing, stage);

      const violations = findViolations(failing, forge(played));

      expect(violations.join('\n')).toMatch(expected);
    });
  }
});

function withRemains(change: Partial<Played['remains']>): (played: Played) => Played {
  return ({ history, remains }) => ({ history, remains: { ...remains, ...change } });
}

function withQueue({ history, remains }: Played, name: string, bodies: readonly string[]): Played {
  return { history, remains: { ...remains, queues: { ...remains.queues, [name]: bodies } } };
}

function withStatus(status: string): (played: Played) => Played {
  return ({ history, remains }) => ({
    history,
    remains: { ...remains, records: remains.records.map((record) => ({ ...record, status })) },
  });
}

/** One request more: the last one, altered. */
function withPost(
  { history, remains }: Played,
  alter: (post: Played['history']['posts'][number]) => Played['history']['posts'][number],
): Played {
  const last = history.posts.at(-1);
  if (last === undefined) throw new Error('nothing was POSTed');
  return { history: { ...history, posts: [...history.posts, alter(last)] }, remains };
}
