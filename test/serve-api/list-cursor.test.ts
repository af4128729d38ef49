import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeListCursor, encodeListCursor } from '../../lambdas/serve-api/webhooks/list-cursor.ts';
import { accountId, webhookId } from '../support/builders.ts';

describe('a cursor', () => {
  it('can be decoded only for its own account [API-19]', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    const id = fc.stringMatching(/^wh_[A-Za-z0-9_-]{1,61}$/);

    fc.assert(
      fc.property(name, name, id, (one, other, text) => {
        const cursor = encodeListCursor(accountId(one), webhookId(text));

        expect(decodeListCursor(accountId(one), cursor)).toBe(text);
        if (one !== other) expect(decodeListCursor(accountId(other), cursor)).toBeUndefined();
      }),
    );
  });
});
