import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HandOver, openHandOver } from '../../console/src/session/hand-over.ts';
import { readFragment } from '../../console/src/session/read-fragment.ts';
import { isOver, parseSession, type Session } from '../../console/src/session/session-view.ts';
import { openTabStorage } from '../../console/src/session/tab-storage.ts';

const SESSION: Session = {
  id: 'ses_1',
  kind: 'session',
  account_id: 'acct_1',
  right: 'write',
  actor: 'ann@example.com',
  expires_at: '2026-01-15T11:30:00.000Z',
  return_url: null,
  token: 'whs_1.acct_1',
};

describe('the fragment of a link', () => {
  it('has a code, a confirmation and a theme', () => {
    expect(readFragment('#code=whc_1.acct_1&confirm=1&theme=dark')).toEqual({
      code: 'whc_1.acct_1',
      confirm: true,
      theme: 'dark',
    });
  });

  it.each(['', '#', '#main', '#code=', '#confirm=0&theme=blue'])('without any of them: %j', (hash) => {
    expect(readFragment(hash)).toEqual({ code: undefined, confirm: false, theme: undefined });
  });
});

describe('a stored session', () => {
  it('is read as it was written', () => {
    expect(parseSession(JSON.stringify(SESSION))).toEqual(SESSION);
  });

  it.each(['', 'null', '[]', '{"token":1}', '{"token":"whs_1"}', '{'])('is ignored when it is %j', (text) => {
    expect(parseSession(text)).toBeUndefined();
  });

  it('is over at its end, and never without one', () => {
    const end = Date.parse('2026-01-15T11:30:00.000Z');

    expect(isOver(SESSION, end - 1)).toBe(false);
    expect(isOver(SESSION, end)).toBe(true);
    expect(isOver({ ...SESSION, expires_at: null }, end)).toBe(false);
  });
});

describe('the storage of a tab', () => {
  it('is memory where the browser refuses access [API-63]', () => {
    const storage = openTabStorage(() => {
      throw new Error('access is denied');
    });

    storage.setItem('key', 'value');
    expect(storage.getItem('key')).toBe('value');
    storage.removeItem('key');
    expect(storage.getItem('key')).toBeNull();
  });

  it('is memory where writing fails, as with a quota of 0', () => {
    const storage = openTabStorage(() => ({
      getItem: () => null,
      setItem: () => {
        throw new Error('the quota is exceeded');
      },
      removeItem: () => undefined,
    }));

    storage.setItem('key', 'value');
    expect(storage.getItem('key')).toBe('value');
  });
});

describe('the hand-over between tabs', () => {
  const tabs: HandOver[] = [];
  let ids = 0;
  let signedIn = 0;
  let answers = 0;
  let observer: BroadcastChannel;
  beforeEach(() => {
    [signedIn, answers] = [0, 0];
    observer = new BroadcastChannel('webhook-fanout:session');
    observer.onmessage = ({ data }: { data: unknown }) => {
      if (Object(data).type === 'answer') answers += 1;
    };
  });
  afterEach(() => {
    for (const tab of [...tabs.splice(0), observer]) tab.close();
  });

  function openTab(session?: Session) {
    if (session !== undefined) signedIn += 1;
    const signedOut: string[] = [];
    const tab = openHandOver({
      current: () => session,
      onSignOut: (id) => signedOut.push(id),
      now: () => 0,
      waitForAnswers: () => expect.poll(() => answers).toBe(signedIn),
      newId: () => String(++ids),
    });
    tabs.push(tab);
    return { ...tab, signedOut };
  }

  it('gives a new tab a session of the only account that is signed in', async () => {
    openTab(SESSION);
    openTab({ ...SESSION, id: 'ses_2' });

    expect((await openTab().ask('/console/webhooks'))?.account_id).toBe('acct_1');
  });

  it('gives it the session of the tab that opened it, of several accounts [API-63]', async () => {
    const other = { ...SESSION, account_id: 'acct_2' };
    openTab(SESSION);
    openTab(other).noteOpened('/console/webhooks/wh_1');

    expect(await openTab().ask('/console/webhooks/wh_1')).toEqual(other);
  });

  it.each([
    ['account', { account_id: 'acct_2' }],
    ['right', { right: 'read' as const }],
    ['person', { actor: 'bob@example.com' }],
  ])('gives it none when tabs differ in the %s and none of them opened it [API-63]', async (_, change) => {
    openTab(SESSION);
    openTab({ ...SESSION, ...change });

    expect(await openTab().ask('/console/webhooks')).toBeUndefined();
  });

  it('gives it none when no tab is signed in', async () => {
    openTab();

    expect(await openTab().ask('/console/webhooks')).toBeUndefined();
  });

  it('notifies the other tabs when the session ends [API-63]', async () => {
    const one = openTab(SESSION);
    const other = openTab();

    other.announceSignOut(SESSION.id);

    await expect.poll(() => one.signedOut).toEqual([SESSION.id]);
    expect(other.signedOut).toEqual([]);
  });
});
