import { describe, expect, it } from 'vitest';
import { createSubscriberReader } from '../../lambdas/dispatch-event/read-subscribers.ts';
import { accountId, NOW, webhook } from '../support/builders.ts';

const MAX_KEPT_WEBHOOKS = 5_000;
const MAX_KNOWN_ACCOUNTS = 1_000;

/** A reader whose account n has `webhooksOf(n)` webhooks. `read(n)` resolves to the reads that one batch needed. */
function newReader(webhooksOf: (account: number) => number) {
  let reads: string[] = [];
  const numberOf = (id: string): number => Number(id.replace('acct_', ''));
  const readSubscribers = createSubscriberReader({
    keepListsFrom: 1,
    clock: { now: () => NOW },
    ports: {
      async listSubscribers(id) {
        reads.push('list');
        const webhooks = new Array(webhooksOf(numberOf(id))).fill(webhook({ accountId: id }));
        return { webhooks, unreadable: [], listeners: [] };
      },
      async readVersion() {
        reads.push('version');
        return { version: 1, isSettled: true };
      },
      openSecret: async () => ({ ok: true, secret: 'opened' }),
    },
  });
  const read = async (account: number): Promise<string[]> => {
    reads = [];
    await readSubscribers(accountId(`acct_${account}`));
    return reads;
  };
  return {
    read,
    /** After two reads, the list is kept. */
    async keep(account: number) {
      await read(account);
      await read(account);
    },
  };
}

describe('the lists that an environment keeps', () => {
  it('have 5,000 webhooks at most: the list that was not used for the longest time is removed', async () => {
    const half = MAX_KEPT_WEBHOOKS / 2;
    const { read, keep } = newReader((account) => (account === 3 ? 1 : half));
    await keep(1);
    await keep(2);
    const full = [await read(2), await read(1)];

    await keep(3);

    expect(full).toEqual([['version'], ['version']]);
    expect([await read(1), await read(3)]).toEqual([['version'], ['version']]);
    expect(await read(2)).toEqual(['list']);
  });

  it('do not count a list that was replaced', async () => {
    const half = MAX_KEPT_WEBHOOKS / 2;
    const { read, keep } = newReader(() => half);
    await keep(1);
    for (let n = 0; n < 5; n++) await read(1);

    await keep(2);

    expect([await read(1), await read(2)]).toEqual([['version'], ['version']]);
  });

  it('are of 1,000 accounts at most: the account that was not used for the longest time is removed', async () => {
    const { read } = newReader(() => 1);
    for (let account = 1; account <= MAX_KNOWN_ACCOUNTS; account++) await read(account);
    const first = await read(1);

    await read(MAX_KNOWN_ACCOUNTS + 1);

    expect(first).toEqual(['version', 'list']);
    expect(await read(1)).toEqual(['version']);
    expect(await read(2)).toEqual(['list']);
  });
});
