import { parseSessionId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { invalidRequest } from '../problem.ts';

export const deleteSession = defineCallWithoutInput({
  async handle({ caller, accountId }, { sessions, clock }) {
    const sessionId = caller.kind === 'session' ? parseSessionId(caller.id) : undefined;
    if (sessionId === undefined) {
      const message = 'is an API key, which only the operator can revoke; send the token of a session';
      return invalidRequest([{ path: 'Authorization', message }]);
    }
    await sessions.revoke(accountId, sessionId, clock.now());
    return { status: 204 };
  },
});
